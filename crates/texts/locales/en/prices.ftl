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
price-types-use_for = Used for
price-types-rounding = Rounding
price-types-rounding_step = Rounding step
price-types-rounding_mode = Rounding mode
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
price-changes-date = Effective from
price-changes-effective_on = Effective from
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
agreements-base_id = Based on
agreements-base_agreement_id = Based on
agreements-lines = Refinements
agreements-refinements = Refinements
agreements-priority = Priority
agreements-discount_percent = Discount, %
agreements-credit_limit = Credit limit
agreements-credit_depth_days = Credit depth, days
agreements-state-active = Active
agreements-state-draft = Draft
agreements-state-approval = In approval
agreements-state-closed = Closed
agreements-state-cancelled = Cancelled
agreements-state-confirmed = In force

contracts = Contracts
    .one = Contract
    .new = New contract

## Steps of a price: what was tried, what applied, what lost and why
step-base = Base price
step-price = Price
step-price_type = Price of type “{ $price_type }”
step-manual = Price set by hand
step-agreement = By the agreement “{ $agreement }”
step-agreement_product = Product’s price in “{ $agreement }”
step-agreement_category = Category’s price in “{ $agreement }”
step-default = Default price type
step-markup = Markup of { $percent }% on “{ $price_type }”
step-formula = By the formula “{ $formula }”
step-discount = Discount of { $percent }%
step-surcharge = Surcharge of { $percent }%
step-currency = Converted from { $from } to { $to } at { $rate } of { $date }
step-vat_added = VAT of { $percent }% added
step-vat_removed = VAT of { $percent }% taken off
step-unit = Converted to the unit “{ $unit }”
step-rounding = Rounded to { $step }
step-result = Price of the line
lost-no_record = no record for this product
lost-not_valid = not valid on { $date }
lost-not_for_partner = not for this partner
lost-less_specific = a more specific rule exists
lost-lower_priority = lower priority
lost-not_reached = this step was not reached
lost-no_price = no price on { $date }
lost-no_rate = no rate of { $currency } on { $date }
price-why = Why this price
price-set_by_hand = Set by hand; by the terms it would be { $price }
price-since = Price valid from { $date }
price-otherwise = Otherwise it would be
