### Words that all rooms share: the product, languages, calendar, states, verbs, choices, labels of columns.

## The product and languages
app-name = Kontor
lang-uk = Українська
lang-ru = Русский
lang-en = English
choice-uk = Українська
choice-ru = Русский
choice-en = English
yes = Yes
no = No
none = none
untitled = (untitled)
dash = —

## Calendar
month-1 = January
    .of = January
    .short = Jan
month-2 = February
    .of = February
    .short = Feb
month-3 = March
    .of = March
    .short = Mar
month-4 = April
    .of = April
    .short = Apr
month-5 = May
    .of = May
    .short = May
month-6 = June
    .of = June
    .short = Jun
month-7 = July
    .of = July
    .short = Jul
month-8 = August
    .of = August
    .short = Aug
month-9 = September
    .of = September
    .short = Sep
month-10 = October
    .of = October
    .short = Oct
month-11 = November
    .of = November
    .short = Nov
month-12 = December
    .of = December
    .short = Dec
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
ago-now = just now
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
ago-yesterday = yesterday
today = today
tomorrow = tomorrow
yesterday = yesterday

## Counted things
count-records =
    { $count ->
        [one] { $count } record
       *[other] { $count } records
    }
count-documents =
    { $count ->
        [one] { $count } document
       *[other] { $count } documents
    }
count-lines =
    { $count ->
        [one] { $count } line
       *[other] { $count } lines
    }
count-partners =
    { $count ->
        [one] { $count } partner
       *[other] { $count } partners
    }
count-products =
    { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
count-deals =
    { $count ->
        [one] { $count } deal
       *[other] { $count } deals
    }
count-orders =
    { $count ->
        [one] { $count } order
       *[other] { $count } orders
    }
count-tasks =
    { $count ->
        [one] { $count } task
       *[other] { $count } tasks
    }
count-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
count-days-late =
    { $count ->
        [one] { $count } day overdue
       *[other] { $count } days overdue
    }
count-errors =
    { $count ->
        [one] { $count } error
       *[other] { $count } errors
    }
count-fields =
    { $count ->
        [one] { $count } field
       *[other] { $count } fields
    }
count-changes =
    { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }
count-selected =
    { $count ->
        [one] { $count } selected
       *[other] { $count } selected
    }
count-steps =
    { $count ->
        [one] { $count } step
       *[other] { $count } steps
    }
count-results =
    { $count ->
        [one] { $count } result
       *[other] { $count } results
    }

## Sections of the navigation
section-work = Work
section-sales = Sales
section-partners = Partners
section-catalog = Products
section-products = Products
section-prices = Prices
section-stock = Stock
section-finance = Money
section-money = Money
section-activities = Interactions
section-deals = Deals
section-settlements = Settlements
section-insight = Reports
section-reports = Reports
section-office = Office
section-admin = Administration
section-settings = Settings
section-other = Other

## States (neutral; a record whose word has a gender gets its own text `{entity}-state-…`)
state-draft = Draft
state-approval = In approval
state-confirmed = Confirmed
state-posted = Posted
state-closed = Closed
state-cancelled = Cancelled
state-reversed = Reversed
state-open = Open
state-won = Won
state-lost = Lost
state-planned = Planned
state-in_work = In work
state-done = Done
state-postponed = Postponed
state-active = Active
state-archived = Archived
state-queued = Queued
state-running = Running
state-failed = Failed
state-expired = Expired
state-sent = Sent
state-accepted = Accepted
state-rejected = Rejected
state-approved = Approved
state-ordered = Ordered
state-blocked = Blocked
state-new = New

## Derived figures of documents (never states)
status-reserved = Reserved
status-not_shipped = Not shipped
status-shipped = Shipped
status-paid = Paid
status-overdue = Overdue
choice-not_shipped = Not shipped
choice-partly_shipped = Partly shipped
choice-shipped = Shipped
choice-partly_paid = Partly paid
choice-paid = Paid
choice-partial = Partly
choice-full = In full

## Verbs, as on buttons
verb-create = Create
verb-update = Change
verb-edit = Edit
verb-delete = Delete
verb-archive = Archive
verb-restore = Restore
verb-confirm = Confirm
verb-post = Post
verb-cancel = Cancel
verb-reverse = Reverse
verb-revise = Revise
verb-close = Close
verb-reopen = Reopen
verb-open = Open
verb-win = Won
verb-lose = Lost
verb-move = Move
verb-take = Take on
verb-start = Start
verb-stop = Stop
verb-plan = Plan
verb-done = Done
verb-complete = Complete
verb-postpone = Postpone
verb-merge = Merge
verb-undo = Undo
verb-approve = Approve
verb-reject = Reject
verb-submit = Submit for approval
verb-send = Send
verb-accept = Accept
verb-activate = Activate
verb-deactivate = Deactivate
verb-block = Block
verb-reserve = Reserve
verb-ship = Ship
verb-pay = Pay
verb-allocate = Allocate
verb-order = Make an order
verb-copy = Copy
verb-print = Print
verb-export = Export
verb-import = Import
verb-read = View
verb-retry = Try again
verb-reset_password = Reset password
verb-change_password = Change password
verb-sign_out = Sign out
verb-explain = Explain
verb-reprice = Set prices by the terms
verb-calculate = Calculate
verb-recalculate = Recalculate

## Choices that many columns share
choice-client = Client
choice-supplier = Supplier
choice-competitor = Competitor
choice-carrier = Carrier
choice-manufacturer = Manufacturer
choice-own_company = Own company
choice-own = Own
choice-subcontractor = Subcontractor
choice-other = Other
choice-legal = Legal entity
choice-legal_entity = Legal entity
choice-person = Person
choice-entrepreneur = Sole trader
choice-goods = Goods
choice-service = Service
choice-manual = By hand
choice-markup = Markup on another price type
choice-formula = Formula
choice-included = VAT included
choice-excluded = VAT on top
choice-exempt = No VAT
choice-in = In
choice-out = Out
choice-direct = Direct
choice-indirect = Indirect
choice-standard = Standard
choice-individual = Individual
choice-prepay = Prepayment
choice-prepayment = Prepayment
choice-credit = Credit
choice-on_delivery = On delivery
choice-refuse = Refuse
choice-warn = Warn
choice-allow = Allow
choice-block = Block
choice-low = Low
choice-normal = Normal
choice-high = High
choice-urgent = Urgent
choice-mobile = Mobile
choice-work = Work
choice-home = Home
choice-main = Main
choice-fax = Fax
choice-personal = Personal
choice-all = All
choice-team = Team
choice-day = Day
choice-week = Week
choice-month = Month
choice-quarter = Quarter
choice-year = Year
choice-purchase = Purchase
choice-stock = From stock
choice-transfer = Transfer
choice-sale = Sale
choice-sales = Sales
choice-both = Both
choice-light = Light
choice-dark = Dark
choice-auto = As the system
choice-head = Head
choice-branch = Branch
choice-nearest = To the nearest
choice-up = Up
choice-down = Down
choice-none = None
choice-true = Yes
choice-false = No

## Labels of columns
field-id = ID
field-seq = Sequence
field-version = Version
field-name = Name
field-names = Name in other languages
field-title = Title
field-full_name = Full name
field-legal_name = Legal name
field-code = Code
field-number = Number
field-position = Order
field-date = Date
field-period = Period
field-state = State
field-status = Status
field-kind = Kind
field-kind_id = Kind
field-type = Type
field-description = Description
field-comment = Comment
field-note = Note
field-notes = Notes
field-text = Text
field-subject = Subject
field-tags = Tags
field-custom = Additional fields
field-created_at = Created
field-created_by_id = Created by
field-updated_at = Changed
field-archived = Archived
field-posted_at = Posted at
field-reason = Reason
field-revision = Revision
field-basis = Made from
field-source = Source
field-external_id = External ID
field-active = Active
field-default = Default
field-is_default = Default
field-valid_from = Valid from
field-valid_to = Valid to
field-valid_until = Valid until
field-from = From
field-to = To
field-on = Date
field-recorded_at = Recorded
field-as_of = As of
field-parent_id = Parent
field-path = Path
field-level = Level
field-color = Colour
field-icon = Icon
field-image = Picture
field-language = Language
field-priority = Priority
field-search_text = Search text
field-key = Key
field-value = Value
field-count = Count
field-settings = Settings

# People and companies
field-company = Company
field-company_id = Company
field-companies = Companies
field-partner = Partner
field-partner_id = Partner
field-head_partner_id = Head partner
field-counterparty_id = Counterparty
field-contact_id = Contact
field-contacts = Contacts
field-supplier_id = Supplier
field-manager = Manager
field-manager_id = Manager
field-user_id = User
field-author_id = Author
field-responsible_id = Responsible
field-role = Role
field-roles = Roles
field-participants = Participants
field-region = Region
field-region_id = Region
field-line_of_business = Line of business
field-line_of_business_id = Line of business
field-lead_source = Lead source
field-lead_source_id = Lead source
field-country = Country
field-city = City
field-address = Address
field-legal_address = Legal address
field-postal_address = Postal address
field-ship_to = Ship to
field-phone = Phone
field-phones = Phones
field-email = E-mail
field-emails = E-mails
field-website = Website
field-messengers = Messengers
field-time_zone = Time zone
field-tax_id = Tax ID
field-registration_code = Registration code
field-vat_number = VAT number
field-iban = IBAN
field-bank_name = Bank
field-kpp = KPP
field-director = Director
field-birthday = Birthday

# Products, prices
field-product = Product
field-product_id = Product
field-products = Products
field-sku = SKU
field-barcode = Barcode
field-category = Category
field-category_id = Category
field-unit = Unit
field-unit_id = Unit
field-currency = Currency
field-base_currency = Base currency
field-rate = Rate
field-rate_type_id = Rate type
field-rate_type = Rate type
field-per = Per
field-direction = Direction
field-minor_digits = Decimals
field-price = Price
field-new_price = New price
field-price_type = Price type
field-price_type_id = Price type
field-base_price_type_id = Base price type
field-manual_price = Price by hand
field-trace = Price explanation
field-markup_percent = Markup, %
field-discount_percent = Discount, %
field-discount_amount = Discount amount
field-discount = Discount
field-formula = Formula
field-method = Method
field-rounding = Rounding
field-vat = VAT
field-vat_mode = VAT
field-vat_rate = VAT rate
field-vat_percent = VAT rate, %
field-vat_amount = VAT amount
field-vat_total = VAT total
field-percent = Percent
field-agreement_id = Agreement
field-agreement = Agreement
field-contract_id = Contract
field-segment_id = Segment
field-payment_terms = Payment terms
field-days = Days
field-credit_limit = Credit limit

# Documents
field-lines = Lines
field-order_line_id = Order line
field-document_id = Document
field-document = Document
field-documents = Documents
field-sales_order_id = Sales order
field-order_id = Order
field-quote_id = Quote
field-deal_id = Deal
field-shipment_id = Shipment
field-task_id = Task
field-interaction_id = Interaction
field-warehouse_id = Warehouse
field-warehouse = Warehouse
field-quantity = Quantity
field-base_quantity = Base quantity
field-amount = Amount
field-net = Net
field-gross = Gross
field-subtotal = Subtotal
field-total = Total
field-net_total = Net total
field-cost = Cost
field-margin = Margin
field-margin_percent = Margin, %
field-revenue = Revenue
field-due_date = Due date
field-due_on = Due on
field-ship_on = Ship on
field-reserved = Reserved
field-reserved_quantity = Reserved
field-shipped = Shipped
field-shipped_quantity = Shipped
field-paid = Paid
field-fulfilment = Fulfilment
field-allocations = Allocations
field-allocated = Allocated
field-unallocated = Unallocated
field-purpose = Purpose
field-on_hand = On hand
field-available = Available
field-expected = Expected
field-balance = Balance
field-debt = Debt
field-overdue = Overdue
field-prepaid = Prepaid
field-opening = Opening
field-closing = Closing
field-debit = Debit
field-credit = Credit
field-turnover = Turnover
field-recorder = Recorded by
field-month = Month

# Deals, activities
field-stage_id = Stage
field-stage = Stage
field-probability = Probability, %
field-reason_id = Loss reason
field-loss_reason_id = Loss reason
field-winner_id = Winner
field-opened_on = Opened on
field-closes_on = Closes on
field-closed_on = Closed on
field-won_amount = Won amount
field-potential = Potential
field-need = Client’s need
field-next_step = Next step
field-due_at = Due
field-done_at = Done at
field-started_at = Started
field-finished_at = Finished
field-planned_at = Planned for
field-happened_at = Happened at
field-duration_minutes = Duration, min
field-importance = Importance
field-result = Result
field-rating = Rating
field-impression = Impression

# Access, audit, jobs
field-login = Login
field-password = Password
field-permissions = Permissions
field-scope = Scope
field-theme = Theme
field-entity = Entity
field-record_id = Record
field-record = Record
field-command = Command
field-action = Action
field-at = When
field-changes = Changes
field-before = Before
field-after = After
field-progress = Progress
field-attempts = Attempts
field-error = Error
field-errors = Errors
field-file = File
field-row = Row
field-column = Column
field-message = Message
field-hint = Hint
field-stock_control = Stock control
field-closed_until = Closed until
field-numerator = Numerator
field-denominator = Denominator
