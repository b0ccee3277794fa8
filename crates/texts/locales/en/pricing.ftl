### The sentences by which a price explains itself (`trace-…`), and refusals about formulas, rounding and numbers.
### The list of keys with their arguments: crates/engines/pricing/src/notes.rs.

## Where the base price comes from
trace-base-asked = The price of type “{ $price_type }” was asked for
trace-base-agreement_product = Agreement “{ $agreement }” for this product: price type “{ $price_type }”
trace-base-agreement_product_price = Agreement “{ $agreement }” for this product: agreed price { $price } { $currency }
trace-base-agreement_category = Agreement “{ $agreement }” for category “{ $category }”: price type “{ $price_type }”
trace-base-agreement_category_price = Agreement “{ $agreement }” for category “{ $category }”: agreed price { $price } { $currency }
trace-base-agreement = Agreement “{ $agreement }”: price type “{ $price_type }”
trace-base-default = Default price type: “{ $price_type }”
trace-base-none = No rule gives a price: there is neither an agreement nor a default price type

## Its value on the date
trace-value-manual = Price “{ $price_type }”, in force since { $valid_from }: { $price } { $currency }
trace-value-agreed = Agreed price of agreement “{ $agreement }”: { $price } { $currency }
trace-value-markup = “{ $price_type }” is “{ $base }” ({ $base_price } { $currency }) plus { $percent } %: { $price } { $currency }
trace-value-markdown = “{ $price_type }” is “{ $base }” ({ $base_price } { $currency }) less { $percent } %: { $price } { $currency }
trace-value-formula = “{ $price_type }” by the formula { $formula }: { $price } { $currency }

## Currency, VAT, rounding
trace-convert-rate = From { $from } to { $to } at the rate of { $date }: { $per ->
        [1] { $rate } { $in_currency } for 1 { $of_currency }
       *[other] { $rate } { $in_currency } for { $per } { $of_currency }
    } — { $price } { $to }
trace-convert-cross = From { $from } to { $to } through { $base } at the rates of { $from_date } and { $to_date } (cross rate { $rate }): { $price } { $to }
trace-vat-added = VAT of { $rate } % added: { $price } { $currency }
trace-vat-removed = VAT of { $rate } % taken out: { $price } { $currency }
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
trace-discount-agreement_product = Discount of agreement “{ $agreement }” for this product: { $percent } %
trace-discount-agreement_category = Discount of agreement “{ $agreement }” for category “{ $category }”: { $percent } %
trace-discount-agreement = General discount of agreement “{ $agreement }”: { $percent } %
trace-discount-none = Agreement “{ $agreement }” gives no discount here
trace-line_discount = The line’s discount was set by hand: { $percent } % (by the rules { $before } %)
trace-line_price = The line’s price was set by hand: { $price } { $currency } (by the rules { $rule_price } { $currency })
trace-line_price-no_rule = The line’s price was set by hand: { $price } { $currency } (the rules give none)

## Why a rule lost
trace-lost-weaker = A more specific rule applies: { $by }
trace-lost-expired = Agreement “{ $agreement }” is not in force on { $date }
trace-lost-tie = The agreement has such a line already; the first one counts
trace-lost-fixed_price = An agreed price is final; no other discount applies to it
trace-lost-no_discount = No discount is given
trace-lost-no_price_in_line = The line gives neither a price nor a price type
trace-lost-no_price_type = The agreement names no price type
trace-lost-no_price = No price of type “{ $price_type }” on { $date }
trace-lost-no_cost = The cost of the product is not known, and the formula of “{ $price_type }” needs it

## Why there is no price
trace-problem-unknown_price_type = The price type was not found ({ $id })
trace-problem-unknown_agreement = The agreement was not found ({ $id })
trace-problem-no_rate = No rate of { $currency } on { $date }
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
error-number_malformed = A number is needed, for example 1234.50
error-number_decimals = Too many decimals: at most { $max } are allowed
error-number_range = The number is too large
error-number_overflow = The result of the computation is too large
error-number_not_positive = The number must be above zero
