### Warehouses, stock receipts, the stock register.

warehouses = Склади
    .one = Склад
    .new = Новий склад
warehouses-control = Контроль залишків
warehouses-stock_control-refuse = Забороняти від’ємні залишки
warehouses-stock_control-warn = Попереджати про від’ємні залишки
warehouses-stock_control-allow = Дозволяти від’ємні залишки
warehouses-keeper_id = Комірник

stock-receipts = Надходження
    .one = Надходження
    .new = Нове надходження
stock-receipts-supplier_id = Постачальник
stock-receipts-cost = Ціна надходження
stock-receipts-lines-cost = Ціна надходження
stock-receipts-total = Сума надходження

stock = Залишки
    .one = Залишок
    .new = Новий залишок
stock-on_hand = Залишок
stock-reserved = Резерв
stock-available = Вільно

purchase-orders = Замовлення постачальникам
    .one = Замовлення постачальнику
    .new = Нове замовлення постачальнику

## Movements
movement-receipt = Надходження
movement-reserve = Резерв
movement-release = Зняття резерву
movement-storno = Сторно
error-cost_missing = Перед проведенням впишіть собівартість
hint-cost_missing = Можна взяти собівартість останнього надходження; для безоплатного товару впишіть 0
