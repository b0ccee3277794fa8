### Rate types, rates, price types, prices, agreements, and the explanation of a price.

rate-types = Rate types
    .one = Rate type
    .new = New rate type
rate-types-direction = Quotation
rate-types-direction-direct = Direct: base currency per unit
rate-types-direction-indirect = Indirect: units per base currency

rates = Exchange rates
    .one = Exchange rate
    .new = New exchange rate
rates-rate = Rate
rates-per = Per units of currency
rates-date = Date

price-types = Price types
    .one = Price type
    .new = New price type
price-types-method = Method
price-types-vat = VAT in the price
price-types-usage = Used for
price-types-rounding = Rounding
price-types-rounding_step = Rounding step
price-types-rounding-step = Step
price-types-rounding-mode = Mode
price-types-rounding-ending = Ending
price-types-threshold_percent = Threshold of change, %
price-types-refinements = Refinement by category

prices = Prices
    .one = Price
    .new = New price
prices-valid_from = Valid from
prices-price_change_id = Price change

price-changes = Price changes
    .one = Price change
    .new = New price change
price-changes-valid_from = Valid from
price-changes-previous = Previous price
price-changes-date = Document date
price-changes-verb-post = Put into effect

price-lists = Price lists
    .one = Price list
    .new = New price list

agreements = Agreements
    .one = Agreement
    .new = New agreement
agreements-kind = Kind
agreements-kind-standard = Standard
agreements-kind-individual = Individual
agreements-payment_terms = Payment terms
agreements-payment_terms-kind = Payment order
agreements-payment_terms-kind-prepay = Prepayment
agreements-payment_terms-kind-credit = Credit
agreements-payment_terms-kind-on_delivery = On delivery
agreements-payment_terms-days = Credit days
agreements-segment_id = Partner segment
agreements-standard_id = Based on the standard agreement
agreements-lines = Refinements
agreements-verb-activate = Put into force
agreements-verb-reopen = Back to draft
agreements-refinements = Refinements
agreements-priority = Priority
agreements-discount_percent = Discount, %
agreements-credit_limit = Credit limit
agreements-state-active = Active
agreements-state-draft = Draft
agreements-state-approval = In approval
agreements-state-closed = Closed
agreements-state-cancelled = Cancelled
agreements-state-confirmed = In force

contracts = Contracts
    .one = Contract
    .new = New contract

## The explanation of a price; its steps are in pricing.ftl
price-why = Why this price
price-since = Price valid from { $date }
price-otherwise = Otherwise it would be

## Titles of the steps of a price
price-step-base = Where the price comes from
price-step-value = Price on the date
price-step-convert = Currency
price-step-vat = VAT
price-step-surcharge = Surcharge of the own company
price-step-net_rounding = Rounding after discounts
price-step-order = Discount on the order
price-step-rounding = Rounding
price-step-discount = Discount
price-step-line_discount = Discount of the line
price-step-line_price = Price of the line
price-step-problem = Why there is no price
price-step-computed = Price of “{ $price_type }”, computed: { $price } { $currency }
price-types-ending = Ending
price-types-mode = Direction
price-types-step = Step
error-name_in_formula = The formula of the price type “{ $price_type }” calls it “{ $name }”: until that is corrected it gives no price
