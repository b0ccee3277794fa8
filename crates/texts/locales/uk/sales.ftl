### Quotes, sales orders, shipments, returns, the sales register.

quotes = Комерційні пропозиції
    .one = Комерційна пропозиція
    .new = Нова комерційна пропозиція
    .short = Пропозиції
quotes-valid_until = Діє до
quotes-state-confirmed = Підтверджено
quotes-verb-order = Оформити замовлення

sales-orders = Замовлення клієнтів
    .one = Замовлення клієнта
    .new = Нове замовлення клієнта
    .short = Замовлення
sales-orders-ship_to = Адреса доставки
sales-orders-ship_on = Відвантажити до
sales-orders-quote_id = На підставі КП
sales-orders-priority = Пріоритет
sales-orders-supply = Забезпечення
sales-orders-supply-stock = Зі складу
sales-orders-supply-purchase = Закупити
sales-orders-supply-transfer = Перемістити
sales-orders-supply-later = Коли з’явиться
sales-orders-supply-wait = Чекати надходження
sales-orders-lines-supply = Забезпечення
sales-orders-lines-supply-stock = Зі складу
sales-orders-lines-supply-purchase = Закупити
sales-orders-lines-supply-transfer = Перемістити
sales-orders-lines-supply-later = Коли з’явиться
sales-orders-lines-supply-wait = Чекати надходження
sales-orders-lines-cancel_reason = Причина скасування
sales-orders-cancel_reason = Причина скасування
sales-task_approve = Погодити замовлення { $number }: { $partner }
sales-task_sent_back = Замовлення { $number } повернули на доопрацювання: { $partner }

shipments = Відвантаження
    .one = Відвантаження
    .new = Нове відвантаження
shipments-sales_order_id = Замовлення клієнта
shipments-verb-post = Провести відвантаження

returns = Повернення
    .one = Повернення
    .new = Нове повернення
returns-shipment_id = За відвантаженням
returns-reason = Причина повернення

sales = Продажі
    .one = Продаж
    .new = Новий продаж
invoices = Рахунки
    .one = Рахунок
    .new = Новий рахунок

## The order editor
order-type_product = Артикул, назва або штрихкод
order-substitutes = Чим замінити
order-blockers =
    { $count ->
        [one] { $count } перешкода
        [few] { $count } перешкоди
       *[many] { $count } перешкод
    }
order-chain = Ланцюжок документів
order-made_from = Створено на підставі
order-make = Створити на підставі

field-frozen = Реквізити сторін на день проведення
field-post = Одразу провести
field-confirm = Одразу підтвердити
field-cancel_reason = Причина скасування
field-cost_total = Собівартість
field-manual_discount = Знижка вручну, %
field-rule_price = Ціна за правилом
field-supply = Забезпечення
choice-later = пізніше
field-open = Відкритий
field-paid_total = Оплачено
field-shipped_total = Відвантажено
settlement-documents = Документи розрахунків
    .one = Документ розрахунків
    .new = Новий документ розрахунків
