### Conditions of sale: price lists, conditions, bundles and gifts, limits of users, segments, and what they refer to.

## Dealer types, kinds of orders, forms of payment, loyalty
dealer-types = Dealer types
    .one = Dealer type
    .new = New dealer type
order-types = Order types
    .one = Order type
    .new = New order type
payment-forms = Forms of payment
    .one = Form of payment
    .new = New form of payment
loyalty-programs = Loyalty programmes
    .one = Loyalty programme
    .new = New loyalty programme
loyalty-cards = Loyalty cards
    .one = Loyalty card
    .new = New loyalty card
field-program_id = Programme
field-dealer_type_id = Dealer type
field-price_group_id = Price group
field-price_list_id = Price list
field-order_type_id = Order type
field-deal_kind_id = Deal kind
field-payment_form_id = Form of payment
field-loyalty_program_id = Loyalty programme
field-loyalty_card_id = Loyalty card
field-product_segment_id = Segment of products
field-from_quantity = From quantity
field-from_amount = From order amount
field-limit_quantity = At most so many units
field-amount_off = Amount
field-final_price = No further discounts
field-recipient_id = Recipient
field-exclusive_group = Exclusive group
field-stop = No later discounts

## Segments
segments-members = Members
segments-members-partners = Partners
segments-members-products = Products
segments-filter = Filter

## Price lists
price-lists-price_type_id = Derived from price type
price-lists-lines = Own prices
price-lists-rounding-step = Step
price-lists-rounding-mode = Way
price-lists-rounding-ending = Ending

## Conditions
price-conditions = Price conditions
    .one = Price condition
    .new = New price condition
price-conditions-kind-special_price = Special price
price-conditions-kind-order_type = Price of an order type
price-conditions-kind-deal_kind = Price of a deal kind
price-conditions-kind-company_list = Own company's price list
price-conditions-kind-region = Price of a region
price-conditions-kind-dealer_type = Price of a dealer type
price-conditions-kind-surcharge = Own company's surcharge
price-conditions-kind-dealer_discount = Discount of a dealer type
price-conditions-kind-special = Special discount
price-conditions-kind-segment = Discount of a segment
price-conditions-kind-period = Discount of a period
price-conditions-kind-quantity = Quantity discount
price-conditions-kind-payment_form = Discount of a form of payment
price-conditions-kind-card = Loyalty card discount
price-conditions-kind-amount = Order amount discount
price-conditions-kind-rebate = Rebate
price-conditions-percent = Percent
price-conditions-company_id = Only for own company

## Bundles and gifts
promotions = Bundles and gifts
    .short = Bundles and gifts
    .one = Bundle or gift
    .new = New bundle or gift
promotions-kind-bundle = Bundle
promotions-kind-gift = Gift
promotions-bundle_price = Price of a bundle
promotions-limit_bundles = At most so many bundles
promotions-gift_product_id = Gift
promotions-gift_quantity = Quantity given
promotions-repeat = For every such quantity
promotions-lines = What a bundle consists of

## Limits of users
price-limits = Price limits
    .one = Price limit
    .new = New price limit
price-limits-algorithm = How discounts combine
price-limits-algorithm-sum = Added up
price-limits-algorithm-maximum = The largest
price-limits-algorithm-cascade = One after another
price-limits-algorithm-priority = By priority
price-limits-discount_max = Discount at most, %
price-limits-price_down_max = Below the price by the terms at most, %
price-limits-price_up_max = Above the price by the terms at most, %
price-limits-below_cost = Below cost needs approval
price-limits-margin_min = Least margin of a document, %

## What is wrong with a rule
error-condition_not_used = The kind { $kind } does not use this field
error-condition_one_who = Say only one: for whom the rule holds
error-condition_one_value = Say only one: a price, a percentage or an amount
error-condition_one_start = Say either a quantity or an order amount
error-condition_for_all = This discount holds for all clients and all products: choose for whom or on what it is, if something else was meant
error-overlap_possible = “{ $rule_a }” and “{ $rule_b }” may hold together; give them different priorities
error-segment_filter = The filter cannot be read: { $value }

## Agreements and contracts
field-payment_stages = Payment schedule
agreements-payment_stages-kind = Kind
agreements-payment_stages-kind-prepay = Prepayment
agreements-payment_stages-kind-credit = Credit
agreements-payment_stages-kind-on_delivery = On delivery
agreements-payment_stages-percent = Share, %
agreements-payment_stages-days = Days
agreements-settlement_by = Settled by
agreements-settlement_by-agreement = Agreement as a whole
agreements-settlement_by-contract = Contract
agreements-settlement_by-order = Each order
field-delivery_terms = Delivery terms
agreements-tax_regime = Tax regime
agreements-tax_regime-vat = With VAT
agreements-tax_regime-simplified = Simplified
agreements-tax_regime-no_vat = Without VAT
agreements-tax_regime-export = Export
contracts-lines = Delivery schedule
contracts-due_on = Deliver by
contracts-remind_days = Remind so many days before the end
contracts-reminded_for = Reminded of the end
contracts-payment_terms = Payment terms
contracts-payment_terms-kind = Kind of payment
contracts-payment_terms-kind-prepay = Prepayment
contracts-payment_terms-kind-credit = Credit
contracts-payment_terms-kind-on_delivery = On delivery
contracts-payment_terms-days = Days of credit
contracts-reminder = Contract { $number } ends on { $date }
jobs-kind-contract-reminders = Contract reminders
companies-terms_control = Sales off the agreed terms
companies-terms_control-approve = Need approval
companies-terms_control-warn = Warn
companies-terms_control-allow = Allow
error-agreement_not_standard = This is no standard agreement in force
error-stages_not_whole = The stages must make up 100%, they make {$sum}%
error-outside_contract = The date is outside the contract

## Departures from the terms
sales-orders-deviations = Departures from the terms
sales-orders-deviations-field = Field
sales-orders-deviations-code = What departs
sales-orders-deviations-args = Figures
error-deviation_price_below = The price {$price} is {$percent}% below the agreed {$agreed}
error-deviation_price_above = The price {$price} is {$percent}% above the agreed {$agreed}
error-deviation_discount = The discount of {$percent}% is larger than the permitted {$agreed}%
error-deviation_below_cost = The amount {$amount} is below the cost {$cost}
error-deviation_too_low = The line's amount needs approval
error-deviation_margin = The document's margin of { $percent }% is below the { $agreed }% allowed
error-deviation_earns_little = The document as a whole needs approval
error-deviation_payment = Payment is later than agreed: {$days} days instead of {$agreed}
error-deviation_currency = The currency is {$currency} instead of {$agreed}
error-deviation_agreement = The agreement “{$agreement}” does not hold on {$date}
error-deviation_contract = The contract {$contract} does not hold on {$date}

## Why not another price
price-why_not-already = That is the price by the rules already
price-why_not-none = No change gives this price
price-why_not-card = With the card { $value }: { $price }
price-why_not-payment_form = Paid by “{ $value }”: { $price }
price-why_not-agreement = By the agreement “{ $value }”: { $price }
price-why_not-contract = By the contract { $value }: { $price }
price-why_not-quantity = From a quantity of { $value }: { $price }
price-why_not-order_amount = From an order amount of { $value }: { $price }
price-why_not-date = On { $value }: { $price }
price-why_not-by_hand = Written by hand: { $price }

## The price workbench
edited-prices = Edited prices
    .one = Edited price
    .new = New edited price
edited-prices-effective_price = Price in force
edited-prices-changed = Differs from the price in force
price-changes-job_id = Group operation
verb-edit_prices = Edit prices
verb-apply_prices = Put edited prices into effect
verb-take_prices_back = Take prices back
price-types-operation = Operation
price-types-operation-set = Set a price
price-types-operation-effective = Take the price in force
price-types-operation-percent = Change by percent
price-types-operation-coefficient = Multiply by a coefficient
price-types-operation-add = Add an amount
price-types-operation-price_type = Take from another price type
price-types-operation-formula = By a formula
price-types-operation-round = Round
price-types-operation-fit_vat = Fit to whole VAT
price-types-operation-discard = Drop edited prices
price-types-coefficient = Coefficient
price-types-add = Add
price-types-from_price_type_id = From price type
price-types-filter = Filter of products
price-types-as_draft = Drafts for approval
field-job_id = Group operation
jobs-kind-edit-prices = Editing of prices
jobs-kind-apply-prices = Putting prices into effect
jobs-kind-take-prices-back = Taking prices back
price-job-edit = Editing prices: { $price_type }
price-job-apply = Putting prices into effect: { $price_type }
price-job-back = Taking prices back: { $price_type }
error-job_running = The job is still running

## The simulator
verb-simulate = Try on past orders
price-conditions-filter = Filter of orders
price-conditions-more_percent = Tell clients paying more than, %
price-conditions-removed = As if the condition were gone
price-conditions-instead_of_id = Instead of the condition
price-job-simulate = Trying a rule: { $rule }
jobs-kind-simulate-prices = Trying of price rules

## Refinements of price types
price-types-rounding_ranges = Rounding by size of the price
price-types-rounding_ranges-from = From price
price-types-rounding_ranges-step = Step
price-types-rounding_ranges-mode = Way
price-types-rounding_ranges-ending = Ending
price-types-refinements-price_group_id = Price group
price-types-refinements-base_price_type_id = Derived from price type
price-types-refinements-markup_percent = Markup, %
price-types-refinements-formula = Formula
