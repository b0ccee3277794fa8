### Pages of work: my day, orders, deals, the card of a partner, reports.

work-today = today
work-tomorrow = tomorrow
work-yesterday = yesterday
work-days = { $count } d
work-show_all = show all
work-as_is = as in documents
work-report_by = Group by
work-report-sales = Revenue, quantity and margin by month, partner, product, manager
work-report-deals = How many are open, won and lost, and how long they take
work-report-settlements = Who owes how much, and how late it is
work-report-stock = On hand, reserved and free by warehouse and product
work-report-funnel = How many deals reach each stage and where they are lost
work-deals_open = { $count } open
work-deals_going =
    { $count ->
        [one] { $count } deal under way
       *[other] { $count } deals under way
    }
work-no_deals = No open deals
work-no_stages = This kind of deal has no stages yet
work-first_deal = The first deal stands here as a card that is carried from stage to stage
work-closes = closes
work-worth = Worth
work-goods = Goods
work-participants = Participants
work-no_participants = Nobody is named yet
work-quote = Quote
work-order = Order
work-to_order = Order
work-call = Call
work-mail = Mail
work-drive = Directions
work-dial = Dial
work-done = Done
work-task_done = Task done
work-tasks_mine = Mine
work-tasks_given = Given by me
work-tasks_team = Team
work-left_of = { $left } of { $all } left
work-day_ahead =
    { $count ->
        [one] { $count } thing to do today
       *[other] { $count } things to do today
    }
work-critical_count =
    { $count ->
        [one] { $count } order needs attention
       *[other] { $count } orders need attention
    }
work-all_orders = all orders
work-all_documents = all documents
work-all_calm = Everything is on track
work-what_is_wrong = What is wrong
work-not_shipped =
    { $count ->
        [one] shipment { $count } day late
       *[other] shipment { $count } days late
    }
work-paid_not_shipped =
    { $count ->
        [one] paid, not shipped for { $count } day
       *[other] paid, not shipped for { $count } days
    }
work-ship_today = to be shipped today
work-payment_late =
    { $count ->
        [one] payment { $count } day late
       *[other] payment { $count } days late
    }
work-draft_waits =
    { $count ->
        [one] draft waits { $count } day
       *[other] draft waits { $count } days
    }
work-do_ship = ship
work-do_open = open
work-do_remind = remind
work-do_finish = finish
work-remind_subject = Remind of payment { $number }
work-owes_late = { $sum } overdue, { $count } d
work-recent = Recent
work-should_be = should be { $percent }
work-same_days = Same days
work-at_this_pace = At this pace
work-where_lost = where we lose
work-talks = Talks
work-money = Money
work-nothing_yet = Nothing has happened yet
work-parts = Parts of the card
work-since = since { $year }
work-led_by = managed by { $name }
work-to_last_year = to last year
work-orders_open =
    { $count ->
        [one] { $count } open order
       *[other] { $count } open orders
    }
work-shipped_paid = shipped { $shipped }, paid { $paid }
work-overdue = overdue
work-overdue_sum = { $sum } overdue
work-ordered = Ordered, not shipped
work-credit_free = free credit { $free } of { $limit }
work-credit_over = limit { $limit } exceeded by { $over }
work-credit_now = debt { $debt }, ordered { $ordered }
work-not_for_you = Settlements are not shown to you
work-settled_closed = What it closed
work-settled_against = Set off against
work-settled_none = No document is closed yet
work-settled_more = The first 500 documents are shown
work-settled_lines = What settled the lines
work-settled_more_lines = The first 100 lines are shown
work-age_8_30 = 8–30 days
work-free = free
work-by_documents = by documents
work-first_rows = The first { $count } are shown
work-average_check = Average sale
work-shipments_count = Shipments
work-standard_terms = No agreement of its own: the standard one applies
work-requisites = Legal entities
work-payment = Payment
work-quantity = Qty
work-unit = Unit
work-discount = Disc., %
work-before_discounts = Before discounts
work-discounts = Discounts
work-net = Net
work-vat = VAT
work-to_pay = To pay
work-margin_percent = Margin, %
work-reserved = Reserved
work-shipped = Shipped
work-paid = Paid
work-ship = Ship
work-shipment_made = Shipment made
work-draft_removed = Draft removed
work-revision = revision { $n }
work-with_discount = with { $percent } off: { $price }
work-whose = Whose deals
work-step_late = step overdue
work-idle = idle
work-begin = First steps
work-begin-companies = who sells: name, currency, country
work-begin-warehouses = where goods leave from
work-begin-products = typed in, or from a file as it is: columns are mapped on the spot
work-begin-price-types = retail, wholesale: at least one, marked as the default
work-begin-prices = from a file: article and price, one price type for all rows
work-begin-stock-receipts = opening stock: a receipt on the day you begin
work-begin-partners = clients and suppliers, from a file of any shape
work-begin-opening-balances = who owes what on the day you begin: open invoices and prepayments
work-begin-users = colleagues and their roles
work-begin-sales-orders = partner and lines, confirm; its card leads on to shipment and payment
work-way_set_price = Set a price
work-way_type_price = Type a price in the line, or set one for everybody
work-way_only = Only { $quantity }
work-way_later = When it comes in
work-way_prepay = Prepayment { $sum }
work-way_limit = Change the limit
work-way_debts = Show the debts
work-price_history = Price history
work-prices_on = Prices on { $date }
work-no_prices = No prices are written down for this product yet
work-how_come = Where the price comes from
work-price_changes = Price changes
work-change = Change
work-not_yet = not yet in force
work-waits_for_approval = Waits for approval of departures from the terms
work-income = Normative income
work-income_orders = from orders
work-income_quote = from the last quote
work-income_lines = from the deal’s products
work-income_unknown = lines without a cost: { $n }
work-reach = How to reach
work-no_way = Neither phone nor mail
work-no_talks = No talks yet
