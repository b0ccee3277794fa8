### Warehouses, stock receipts, the stock register.

warehouses = Склады
    .one = Склад
    .new = Новый склад
warehouses-control = Контроль остатков
warehouses-stock_control-refuse = Запрещать отрицательные остатки
warehouses-stock_control-warn = Предупреждать об отрицательных остатках
warehouses-stock_control-allow = Разрешать отрицательные остатки
warehouses-keeper_id = Кладовщик

stock-receipts = Поступления
    .one = Поступление
    .new = Новое поступление
stock-receipts-supplier_id = Поставщик
stock-receipts-cost = Цена поступления
stock-receipts-lines-cost = Цена поступления
stock-receipts-total = Сумма поступления

stock = Остатки
    .one = Остаток
    .new = Новый остаток
stock-on_hand = Остаток
stock-reserved = Резерв
stock-available = Свободно

purchase-orders = Заказы поставщикам
    .one = Заказ поставщику
    .new = Новый заказ поставщику

## Movements
movement-receipt = Поступление
movement-reserve = Резерв
movement-release = Снятие резерва
movement-storno = Сторно
error-cost_missing = Перед проведением впишите себестоимость
hint-cost_missing = Можно взять себестоимость последнего поступления; для бесплатного товара впишите 0
