### Quotes, sales orders, shipments, returns, the sales register.

quotes = Коммерческие предложения
    .one = Коммерческое предложение
    .new = Новое коммерческое предложение
    .short = Предложения
quotes-valid_until = Действует до
quotes-state-confirmed = Подтверждено
quotes-verb-order = Оформить заказ

sales-orders = Заказы клиентов
    .one = Заказ клиента
    .new = Новый заказ клиента
    .short = Заказы
sales-orders-ship_to = Адрес доставки
sales-orders-ship_on = Отгрузить до
sales-orders-quote_id = На основании КП
sales-orders-priority = Приоритет
sales-orders-supply = Обеспечение
sales-orders-supply-stock = Со склада
sales-orders-supply-purchase = Закупить
sales-orders-supply-transfer = Переместить
sales-orders-supply-later = Когда появится
sales-orders-supply-wait = Ждать поступления
sales-orders-lines-supply = Обеспечение
sales-orders-lines-supply-stock = Со склада
sales-orders-lines-supply-purchase = Закупить
sales-orders-lines-supply-transfer = Переместить
sales-orders-lines-supply-later = Когда появится
sales-orders-lines-supply-wait = Ждать поступления
sales-orders-lines-cancel_reason = Причина отмены
sales-orders-cancel_reason = Причина отмены
sales-task_approve = Согласовать заказ { $number }: { $partner }
sales-task_sent_back = Заказ { $number } вернули на доработку: { $partner }

shipments = Отгрузки
    .one = Отгрузка
    .new = Новая отгрузка
shipments-sales_order_id = Заказ клиента
shipments-verb-post = Провести отгрузку

returns = Возвраты
    .one = Возврат
    .new = Новый возврат
returns-shipment_id = По отгрузке
returns-reason = Причина возврата

sales = Продажи
    .one = Продажа
    .new = Новая продажа
invoices = Счета
    .one = Счёт
    .new = Новый счёт

## The order editor
order-type_product = Артикул, название или штрихкод
order-substitutes = Чем заменить
order-blockers =
    { $count ->
        [one] { $count } препятствие
        [few] { $count } препятствия
       *[many] { $count } препятствий
    }
order-chain = Цепочка документов
order-made_from = Создано на основании
order-make = Создать на основании

field-frozen = Реквизиты сторон на день проведения
field-post = Сразу провести
field-confirm = Сразу подтвердить
field-cancel_reason = Причина отмены
field-cost_total = Себестоимость
field-manual_discount = Скидка вручную, %
field-rule_price = Цена по правилу
field-supply = Обеспечение
choice-later = позже
field-open = Открыт
field-paid_total = Оплачено
field-shipped_total = Отгружено
settlement-documents = Документы расчётов
    .one = Документ расчётов
    .new = Новый документ расчётов
