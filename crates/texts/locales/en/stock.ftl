### Warehouses, stock receipts, the stock register.

warehouses = Warehouses
    .one = Warehouse
    .new = New warehouse
warehouses-control = Stock control
warehouses-stock_control-refuse = Refuse negative stock
warehouses-stock_control-warn = Warn of negative stock
warehouses-stock_control-allow = Allow negative stock
warehouses-keeper_id = Storekeeper

stock-receipts = Stock receipts
    .one = Stock receipt
    .new = New stock receipt
stock-receipts-supplier_id = Supplier
stock-receipts-cost = Cost
stock-receipts-lines-cost = Cost
stock-receipts-total = Total

stock = Stock
    .one = Stock balance
    .new = New stock balance
stock-on_hand = On hand
stock-reserved = Reserved
stock-available = Available

purchase-orders = Purchase orders
    .one = Purchase order
    .new = New purchase order

## Movements
movement-receipt = Receipt
movement-reserve = Reserve
movement-release = Release
movement-storno = Storno
error-cost_missing = Say what the goods cost before the receipt is posted
hint-cost_missing = The cost of the last receipt is a good start; goods that came free of charge have the cost 0
