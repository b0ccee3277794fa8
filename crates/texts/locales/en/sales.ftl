### Quotes, sales orders, shipments, returns, the sales register.

quotes = Quotes
    .one = Quote
    .new = New quote
    .short = Quotes
quotes-valid_until = Valid until
quotes-state-confirmed = Confirmed
quotes-verb-order = Make an order

sales-orders = Sales orders
    .one = Sales order
    .new = New sales order
    .short = Orders
sales-orders-ship_to = Ship to
sales-orders-ship_on = Ship by
sales-orders-quote_id = From the quote
sales-orders-priority = Priority
sales-orders-supply = Supply
sales-orders-supply-stock = From stock
sales-orders-supply-purchase = Purchase
sales-orders-supply-transfer = Transfer
sales-orders-supply-later = When available
sales-orders-supply-wait = Wait for receipt
sales-orders-lines-supply = Supply
sales-orders-lines-supply-stock = From stock
sales-orders-lines-supply-purchase = Purchase
sales-orders-lines-supply-transfer = Transfer
sales-orders-lines-supply-later = When available
sales-orders-lines-supply-wait = Wait for receipt
sales-orders-lines-cancel_reason = Cancellation reason
sales-orders-cancel_reason = Cancellation reason
sales-task_approve = Approve the order { $number }: { $partner }
sales-task_sent_back = The order { $number } was sent back: { $partner }

shipments = Shipments
    .one = Shipment
    .new = New shipment
shipments-sales_order_id = Sales order
shipments-verb-post = Post the shipment

returns = Returns
    .one = Return
    .new = New return
returns-shipment_id = Of the shipment
returns-reason = Reason of return

sales = Sales
    .one = Sale
    .new = New sale
invoices = Invoices
    .one = Invoice
    .new = New invoice

## The order editor
order-type_product = SKU, name or barcode
order-substitutes = Substitutes
order-blockers =
    { $count ->
        [one] { $count } blocker
       *[other] { $count } blockers
    }
order-chain = Chain of documents
order-made_from = Made on the basis of
order-make = Make from this

field-frozen = Parties as they were when posted
field-post = Post at once
field-confirm = Confirm at once
field-cancel_reason = Reason for cancelling
field-cost_total = Cost
field-manual_discount = Manual discount, %
field-rule_price = Price by the rules
field-supply = Supply
choice-later = later
field-open = Open
field-paid_total = Paid
field-shipped_total = Shipped
settlement-documents = Settlement documents
    .one = Settlement document
    .new = New settlement document
