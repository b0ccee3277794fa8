### The sentences by which a price explains itself (`trace-…`), and refusals about formulas, rounding and numbers.
### The list of keys with their arguments: crates/engines/pricing/src/notes.rs.

## Where the base price comes from
trace-base-asked = The price of type “{ $price_type }” was asked for
trace-base = { $kind ->
        [agreement_product] Agreement “{ $by }”
        [contract_product] Contract “{ $by }”
        [special_product] { $whom ->
            [anyone] Special price
           *[somebody] Special price of “{ $by }”
        }
        [special_category] { $whom ->
            [anyone] Special price
           *[somebody] Special price of “{ $by }”
        }
        [agreement_group] Agreement “{ $by }”
        [contract_group] Contract “{ $by }”
        [individual_list] Agreement “{ $by }”
        [contract_list] Contract “{ $by }”
        [order_type] Order type “{ $by }”
        [deal_kind] Deal kind “{ $by }”
        [company_list] { $whom ->
            [anyone] Price list of the own company
           *[somebody] Price list of own company “{ $by }”
        }
        [region] Region “{ $by }”
        [dealer_type] Dealer type “{ $by }”
        [standard_agreement] Standard agreement “{ $by }”
       *[default] By default
    }{ $scope ->
        [product] {" "}for this product
        [price_group] {" "}for price group “{ $what }”
        [category] {" "}for category “{ $what }”
        [segment] {" "}for segment “{ $what }”
       *[none] {""}
    }: { $form ->
        [type] price type “{ $price_type }”
       *[price] agreed price { $price } { $currency }
    }
trace-base-none = No rule gives a price: there is neither an agreement nor a default price type

## Its value on the date
trace-value-manual = Price “{ $price_type }”, in force since { $valid_from }: { $price } { $currency }
trace-value-agreed = Agreed price ({ $by }): { $price } { $currency }
trace-value-query = “{ $price_type }” by the query “{ $query }”: { $price } { $currency }
trace-value-sold = Taken back as it was sold on { $date }: { $price } { $currency }, discount { $percent } %
trace-value-receipt = Price of the last receipt: { $price } { $currency }
trace-value-lot = Price of supplier “{ $supplier }” for a lot from { $from }: { $price } { $currency }
trace-value-kept = The computed { $new } { $currency } differs by less than { $percent } %, so the price “{ $price_type }” in force stays: { $price } { $currency }
trace-value-markup = “{ $price_type }” is { $source ->
        [receipt] the last receipt
        [supply] the supplier’s price
       *[type] “{ $base }”
    } ({ $base_price } { $currency }) plus { $percent } %: { $price } { $currency }
trace-value-markdown = “{ $price_type }” is { $source ->
        [receipt] the last receipt
        [supply] the supplier’s price
       *[type] “{ $base }”
    } ({ $base_price } { $currency }) less { $percent } %: { $price } { $currency }
trace-value-formula = “{ $price_type }” by the formula { $formula }: { $price } { $currency }

## Currency, VAT, rounding
trace-convert-rate = From { $from } to { $to } at the rate{ $whose ->
        [named] {" "}“{ $by }”
       *[none] {""}
    } of { $date }: { $per ->
        [1] { $rate } { $in_currency } for 1 { $of_currency }
       *[other] { $rate } { $in_currency } for { $per } { $of_currency }
    }{ $old ->
        [earlier] {" "}(there is none for { $asked }, the last earlier one counts)
       *[today] {""}
    } — { $price } { $to }
trace-convert-cross = From { $from } to { $to } through { $base } at the rates{ $whose ->
        [named] {" "}“{ $by }”
       *[none] {""}
    } of { $from_date } and { $to_date } (cross rate { $rate }){ $old ->
        [earlier] {" "}(there is none for { $asked }, the last earlier one counts)
       *[today] {""}
    }: { $price } { $to }
trace-vat-added = VAT of { $rate } % added: { $price } { $currency }
trace-vat-removed = VAT of { $rate } % taken out: { $price } { $currency }
trace-surcharge = { $whom ->
        [anyone] Own company
       *[somebody] Own company “{ $by }”
    }{ $scope ->
        [product] {" "}for this product
        [price_group] {" "}for price group “{ $what }”
        [category] {" "}for category “{ $what }”
        [segment] {" "}for segment “{ $what }”
       *[none] {""}
    }: { $form ->
        [markup] surcharge { $percent } %
        [discount] reduction { $percent } %
        [extra] plus { $off } { $currency }
       *[off] less { $off } { $currency }
    }: { $price } { $currency }
trace-rounding-rule = Rounding of price type “{ $price_type }” { $kind ->
        [up] up to { $to }
        [down] down to { $to }
       *[arithmetic] to { $to }
    }: { $price } { $currency }
trace-rounding-ending = Rounding of price type “{ $price_type }” { $kind ->
        [up] up to { $to } ending in { $ending }
        [down] down to { $to } ending in { $ending }
       *[arithmetic] to { $to } ending in { $ending }
    }: { $price } { $currency }
trace-rounding-minor = Rounded to the currency’s minor unit: { $price } { $currency }

## Discounts, and what was written by hand
trace-adjust = { $form ->
        [markup] Markup
        [extra] Surcharge
       *[discount] Discount
    } { $kind ->
        [dealer_discount] of dealer type “{ $by }”
        [special] { $whom ->
            [anyone] by special terms
           *[somebody] by special terms of “{ $by }”
        }
        [agreement] of agreement “{ $by }”
        [contract] of contract “{ $by }”
        [segment] of client segment “{ $by }”
        [period] { $whom ->
            [anyone] of the period
           *[somebody] of the period for “{ $by }”
        }
        [quantity] { $whom ->
            [anyone] for a quantity from { $from }
           *[somebody] of “{ $by }” for a quantity from { $from }
        }
        [payment_form] for payment by “{ $by }”
        [card] by card “{ $by }”
       *[amount] { $whom ->
            [anyone] by the amount of the order
           *[somebody] of “{ $by }” by the amount of the order
        }
    }{ $scope ->
        [product] {" "}for this product
        [price_group] {" "}for price group “{ $what }”
        [category] {" "}for category “{ $what }”
        [segment] {" "}for segment “{ $what }”
       *[none] {""}
    }: { $form ->
        [discount] { $percent } %
        [markup] { $percent } %
       *[off] { $off } { $currency } per unit
    }
trace-adjust-none = No discount on the price itself
trace-adjust-bare = Without a discount, for { $quantity } units { $net } { $currency } each
trace-adjust-together = { $algorithm ->
        [cascade] Together, one after another
        [maximum] Together, the largest discount
        [priority] Together, by priority
       *[sum] Together
    }: { $percent } %, for { $quantity } units { $net } { $currency } each
trace-net = The price after discounts is rounded: { $net } { $currency } for each of { $quantity } units ({ $percent } % in all)
trace-order = { $source ->
        [bundle] Bundle “{ $by }”
        [gift] Gift “{ $by }”
       *[amount] By the amount of the order ({ $by })
    }: { $form ->
        [percent] { $percent } %,{" "}
       *[sum] {""}
    }{ $whole } { $currency } off the order, { $off } { $currency } off this line
trace-line_discount = The line’s discount was set by hand: { $percent } % (by the rules { $before } %)
trace-line_price = The line’s price was set by hand: { $price } { $currency } (by the rules { $rule_price } { $currency })
trace-line_price-no_rule = The line’s price was set by hand: { $price } { $currency } (the rules give none)

## Why a rule lost
trace-lost-weaker = A more specific rule applies: { $by }
trace-lost-tie = A rule for the same comes first: { $by }
trace-lost-clash = It contradicts “{ $by }”: both hold for the same and nothing tells which comes first. Give them different priorities
trace-lost-not_yet = In force only from { $date }
trace-lost-expired = In force until { $date }
trace-lost-other_company = For another own company
trace-lost-below_quantity = From a quantity of { $from }
trace-lost-below_amount = For orders from { $from } { $currency }
trace-lost-used_up = For { $limit } units only; they are used up
trace-lost-fixed_price = The agreed price “{ $by }” is final; no other discount applies to it
trace-lost-stopped = “{ $by }” stops all further discounts
trace-lost-group = Not together with “{ $by }”, which is larger
trace-lost-smaller = Only the largest discount applies: { $by }
trace-lost-later = Only the first by priority applies: { $by }
trace-lost-no_price = No price of type “{ $price_type }” on { $date }
trace-lost-no_cost = The cost of the product is not known, and the formula of “{ $price_type }” needs it
trace-lost-no_receipt = The product was never received, and “{ $price_type }” needs the price of a receipt
trace-lost-no_supply = No supplier’s price of the product is known, and “{ $price_type }” needs it
trace-lost-no_query = The query of “{ $price_type }” found nothing for the product
trace-lost-no_value = The formula of “{ $price_type }” needs a figure that the product does not have
trace-lost-unused_type = The conditions of use of “{ $price_type }” do not hold for this document

## Why there is no price
trace-problem-unknown_price_type = The price type was not found ({ $id })
trace-problem-no_rate = No rate of { $currency } on { $date }{ $whose ->
    [named] {" "}(rate type “{ $by }”)
   *[none] {""}
    }
trace-problem-cycle = Price types refer to each other in a circle: { $path }
trace-problem-too_deep = Price type “{ $price_type }” stands on too long a chain of other types (more than { $limit })
trace-problem-overflow = The number is too large
trace-problem-not_positive = A rate, a number of units or a rounding step must be above zero
trace-problem-ambiguous_name = Several price types are named “{ $name }”
trace-problem-formula_unknown_type = The formula asks for price type “{ $name }”, which does not exist
trace-problem-formula_unknown_currency = The formula asks for the rate of currency “{ $name }”, which does not exist
trace-problem-formula_empty = The formula of price type “{ $price_type }” is empty
trace-problem-formula_too_long = The formula of price type “{ $price_type }” is too long
trace-problem-formula_syntax = The formula of price type “{ $price_type }” cannot be read (line { $line }, place { $column }): { $detail }
trace-problem-formula_unknown_name = Unknown name “{ $name }” in the formula of price type “{ $price_type }” (line { $line }, place { $column })
trace-problem-formula_arithmetic = The formula of price type “{ $price_type }” cannot be computed (line { $line }, place { $column }): { $detail }
trace-problem-formula_limit = The formula of price type “{ $price_type }” is too complex
trace-problem-formula_not_a_number = The formula of price type “{ $price_type }” does not give a number
trace-problem-formula_negative = The formula of price type “{ $price_type }” gave a negative price: { $detail }

## What needs approval, and what is worth knowing
trace-approval-discount = The discount of { $percent } % is above your limit of { $limit } %: it needs approval
trace-approval-lower = The price is { $percent } % below the terms, your limit is { $limit } %: it needs approval
trace-approval-higher = The price is { $percent } % above the terms, your limit is { $limit } %: it needs approval
trace-approval-cost = The price { $price } { $currency } is below the cost { $cost } { $currency }: it needs approval
trace-remark-return = Goods are returned without naming the sale: today’s price is used. Name the sale to return at its price
trace-remark-no_category = The product has no category, so rules by category do not apply. Give it one in its card
trace-remark-archived = The product is archived: it is sold only where it was promised before. Choose another one, or bring it back in its card
trace-remark-over_hundred = The discounts come to more than the price: it is zero. Check the rules that apply
trace-remark-zero_price = The price is zero. Check that this is meant

## Refusals
error-formula_empty = Write a formula
error-formula_syntax = The formula cannot be read (line { $line }, place { $column }): { $detail }
error-formula_unknown_name = Unknown name “{ $name }” in the formula (line { $line }, place { $column })
error-formula_arithmetic = The formula cannot be computed (line { $line }, place { $column }): { $detail }
error-formula_limit = The formula is too complex
error-formula_not_a_number = The formula must give a number
error-formula_negative = The formula gives a negative price: { $detail }
error-rounding_step = The rounding step must be above zero
error-rounding_ending = The ending must be at least zero and below the rounding step
error-rounding_vat_ending = Whole VAT and an ending of the price exclude each other: leave the ending empty
error-condition_who = A rule of this kind cannot be for them
error-condition_what = A rule of this kind cannot be for such goods
error-condition_value = A rule of this kind needs another value: a price or a price type for a base price, a percentage or a sum for a discount
error-condition_price = The price must not be negative
error-condition_percent = A discount cannot be above 100 %
error-condition_from = The start must not be negative
error-condition_limit = Only a discount on a line can be limited in quantity, and the limit must be above zero
error-condition_companies = Too many own companies in the rules
error-bundle_members = A bundle needs goods, each once and with a quantity above zero
error-bundle_value = The bundle needs a discount above zero, at most 100 %, or a price
error-number_malformed = A number is needed, for example 1234.50
error-number_decimals = Too many decimals: at most { $max } are allowed
error-number_range = The number is too large
error-number_overflow = The result of the computation is too large
error-number_not_positive = The number must be above zero
