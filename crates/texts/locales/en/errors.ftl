### What a refusal says (`error-{code}`) and what to do about it (`hint-{code}`).
### Arguments come by name as plain strings: numbers, decimal strings and ISO dates are shown the local way; `state`, `verb`, `action`, `field`,
### `columns`, `role`, `expected`, `entity`, `what` are codes and are shown by their own texts; names as given.
### The attribute `.full` is used where all arguments of it were given, the text itself where not.

## General
error-invalid = Check the marked fields
error-internal = Something went wrong on our side. Nothing was changed; the event is in the log
error-too_many_requests = Too many requests: at most { $max } a minute. Try again in { $seconds } s
error-busy = The system is busy. Try again in a few seconds
error-timeout = The request took too long. Try again or narrow it down
error-not_found = There is no such record, or you may not see it
error-forbidden = You are not allowed to do this
    .full = You are not allowed to “{ $action }” here ({ $entity })
error-body_too_large = The request is too large: at most { $max } MiB
error-unreadable_json = The request is not readable JSON: line { $line }, character { $column }
error-unreadable = The request cannot be read
error-unreadable_body = The request body cannot be read
error-unavailable = This is not available at the moment
error-cancelled = The work was stopped, nothing was changed

## Fields
error-required = Fill in this field
error-unknown_field = There is no such field
    .full = There is no field “{ $value }”
error-read_only = This field is filled in by the system
error-wrong_type = Wrong type of value: expected { $expected }
error-too_long = Too long: { $max ->
        [one] at most { $max } character
       *[other] at most { $max } characters
    }
error-too_many = Too many values: at most { $max }
error-out_of_range = The value must be between { $min } and { $max }
error-too_small = The value must be at least { $min }
error-too_large = The value must be at most { $max }
error-overflow = The number is too large
error-negative = The value cannot be negative
error-zero = The value cannot be zero
error-not_a_number = This is not a number
error-not_an_integer = A whole number is expected
error-bad_date = There is no such date. Write year-month-day, for example 2026-11-21
error-bad_instant = The date and time cannot be read. Example: 2026-11-21T14:05:00Z
error-bad_period = The period ends before it starts
error-bad_id = This is not a record’s ID
error-bad_code = There is no such code: { $value }
    .full = There is no such code: { $value }
error-bad_grant = There is no such right here: { $value }
    .full = There is no such right here: { $value }
error-bad_choice = There is no such choice. Possible: { $choices }
error-bad_text = The text contains characters that are not allowed
error-reference_missing = The record you refer to does not exist
    .full = “{ $value }” was not found
error-reference_archived = “{ $title }” is archived and cannot be chosen
error-name_missing = “{ $value }” was not found
error-name_ambiguous = “{ $value }” was found more than once. Give the ID
error-name_unclear = “{ $value }” may mean { $choices }. Write one of these codes
error-unique = Such a record already exists
    .full = Such a record already exists: the same { $columns }
error-duplicate = The value is repeated
error-duplicate_row = Row { $row } is about the same. Leave one of the two
error-duplicate_line = There already is such a line
error-email_bad = This does not look like an e-mail address
error-phone_bad = This does not look like a phone number
error-url_bad = This does not look like a web address
error-tax_id_bad = The tax ID fails its check digit
error-tax_id_length = The tax ID must have { $expected } digits
error-registration_code_bad = The registration code fails its check digit
error-vat_number_bad = The VAT number is not valid
error-iban_bad = The IBAN fails its check digits
error-cycle = A record cannot, directly or through others, be part of itself
error-same_record = Choose another record: this is the same one
error-similar_exists = A similar record exists: “{ $title }”. Ask { $name }

## Lists, filters, cursors
error-bad_cursor = This continuation is no longer valid. Start from the first page
error-unknown_parameter = There is no such parameter: { $value }
error-unknown_collection = There is no such collection: { $value }
error-unknown_verb = There is no such action: { $value }

## Signing in, users
error-signed_out = Sign in first
error-wrong_password = Wrong login or password
error-too_many_attempts = Too many attempts. Try again in { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
error-csrf = The page is out of date. Reload it and try again
error-weak_password = The password is too weak: at least { $min ->
        [one] { $min } character
       *[other] { $min } characters
    }

## Versions, conflicts, repeating
error-version_needed = Say which version you are changing (the field version or If-Match)
error-bad_version = The version cannot be read
error-conflict = Somebody else changed the same thing. Choose what to keep
error-idempotency_mismatch = This idempotency key was used for a different request
error-idempotency_in_flight = The same request is still being worked on

## States, removal, undo
error-state_refuses = “{ $verb }” is not possible in the state “{ $state }”
error-posted_immutable = A posted document cannot be changed: revise or reverse it
    .full = A document in the state “{ $state }” cannot be changed: revise or reverse it
error-not_posted = The document is not posted yet
error-not_archived = The record is not archived
error-archived = The record is archived. Restore it first
error-has_dependents = First deal with what depends on this: { $what }
error-in_use = The record is in use: { $what }
error-period_closed = The period is closed up to { $date }
error-date_future = The date cannot be in the future

## Money, quantities, lines
error-line_limit = Too many lines: at most { $max }
error-line_unknown = The document has no such line
error-quantity_zero = The quantity cannot be zero
error-quantity_negative = The quantity cannot be negative
error-negative_price = The price cannot be negative
error-negative_amount = The amount cannot be negative
error-amount_zero = The amount cannot be zero
error-amount_decimals = An amount in { $currency } has at most { $max } decimals
error-price_missing = There is no price for “{ $product }”
error-price_zero = By the rules “{ $product }” costs nothing. Check that this is meant, or write a price
error-discount_whole = By the rules nothing is left of the price of “{ $product }”. Check the discounts that apply, or write one
error-return_at_sale = “{ $product }” comes back at the price of its last sale, { $number } of { $date }. Write another price, or name the shipment, if it is another sale
error-return_at_terms = No sale of “{ $product }” was found: the price is that of today’s terms. Write the price at which it was sold, or name the shipment
error-return_several_prices = The shipment has “{ $product }” at several prices: the first is taken. Write the price of what comes back
error-currency_rate_missing = There is no rate of { $currency } on { $date }
error-currency_mismatch = The currency must be { $expected }
error-currency_same = A currency has no rate to itself
error-rate_not_positive = The rate must be greater than zero
error-unit_not_of_product = “{ $product }” is not kept in this unit
error-base_price_type_needed = A markup needs a base price type
error-price_computed = Prices of this type are computed, not set by hand
error-formula_too_long = The formula is too long: at most { $detail } characters
error-overlap = The periods of validity overlap: “{ $rule_a }” and “{ $rule_b }”
error-agreement_not_valid = The agreement is not valid on { $date }
error-agreement_other_partner = The agreement is another partner’s
error-agreement_other_company = The agreement is another company’s
error-agreement_not_active = The agreement is not in force
error-partner_needed = An individual agreement needs a partner
error-standard_has_no_partner = A standard agreement is for everybody and has no partner
error-product_or_category = Give either a product or a category
error-company_mismatch = This belongs to another company
error-partner_mismatch = This belongs to another partner
error-counterparty_other_partner = The counterparty belongs to another partner

## Stock, credit, fulfilment
error-not_enough_stock = Not enough of “{ $product }”: { $available } available, { $needed } needed
error-warehouse_missing = Give the warehouse
error-warehouse_other_company = The warehouse belongs to another company
error-service_has_no_stock = “{ $product }” is a service and has no stock
error-credit_exceeded = The credit limit of { $limit } is exceeded by { $over }: debt and open orders make { $exposure }
error-over_shipped = More would be shipped than ordered: { $shipped } of { $ordered }
error-over_returned = No more can be returned than was shipped: { $shipped }
error-nothing_to_ship = There is nothing left to ship
error-order_not_confirmed = Confirm the order first
error-order_has_shipments = The order already has shipments: { $documents }. Reverse them first
error-bad_database = A database address is sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE
error-no_database = There is no database { $file }: check --database and --data, or make one with kontor migrate
error-bad_listen = The address to listen on is not HOST:PORT, for example 127.0.0.1:8080: { $value }
error-allocation_exceeds = More is allocated than the amount: { $allocated } of { $amount }
error-allocation_over_document = Only { $amount } is left to pay on “{ $document }”
error-prepays_one_order = One payment can be paid ahead for one order only; make a payment of its own for “{ $document }”
error-allocation_other_partner = The document belongs to another partner, company or currency
error-quote_expired = The quote expired on { $date }
error-quote_has_order = The quote already has the order { $number }: cancel that first
error-quote_ordered_before = The order { $number } was made of this quote before; it stays as it is
error-quote_not_confirmed = Confirm the quote { $number } first

## Deals, tasks
error-deal_closed = The deal is closed: reopen it to change this
error-stage_of_other_kind = The stage belongs to another kind of deal
error-stage_skipped = Stages go in order: the next is “{ $title }”
error-kind_without_stages = This kind of deal has no stages
error-close_before_open = The closing date is before the opening date
error-winner_not_competitor = The winner must be a competitor
error-deal_opened_earlier = The deal was written down after it had ended: it is opened on { $date } now
error-reminder_after_due = The reminder is later than the due time
error-ends_before_start = The end is before the start

## Files and imports
error-file_unreadable = The file cannot be read: { $message }
error-file_format_unknown = The format of the file was not recognised. CSV and XLSX are supported
error-file_missing = There is no file “{ $file }”
error-file_empty = The file is empty
error-file_too_large = The file is too large: at most { $max } MiB
error-workbook_too_large = The workbook is too large: at most { $max } MiB can be read, counted as they are unpacked. Save the sheet as CSV: that may have up to 1 GiB
error-file_encoding = The encoding of the file was not recognised
error-sheet_missing = There is no sheet “{ $name }”
error-column_missing = The file has no column “{ $name }”
error-column_unknown = Unknown column “{ $name }”
error-column_repeated = The column “{ $name }” occurs twice
error-row_too_long = The row has more values than there are columns
error-row_broken = The row cannot be parsed: { $message }
error-import_not_allowed = This collection cannot be imported
error-import_refused = Nothing was imported: { $count ->
        [one] { $count } row with an error
       *[other] { $count } rows with errors
    }
error-profile_bad = The import profile has a mistake: { $message }
error-profile_entity = The profile names an unknown collection: { $value }
error-profile_field = The profile names an unknown field: { $value }
error-profile_no_files = No files match “{ $file }”

## Database and command line
error-database_down = The database cannot be reached now. Try again in a minute
error-migration_changed = Migration { $migration } was applied to this database with another text: program and database are not of one version
error-backup_failed = The copy of the database was not made
error-backup_with_pg_dump = A PostgreSQL database is copied with pg_dump
error-database_newer = The database was made by a newer version of the program
    .full = The database was made by a newer version of the program (migration { $migration })
error-disk_full = The disk is full

## Hints: what to do
hint-bad_grant = There are: { $actions }; scopes none, own, team, all; fields hide:name
hint-reload = Reload the page
hint-close_before_open = The deal was opened on { $date }: if it began earlier, change “Opened” first
hint-rate_type_missing = Make a company first: with the first rate comes a rate type in its currency
hint-sign_in = Sign in and repeat
hint-existing = Already there: “{ $title }”
hint-create_missing = Create “{ $value }” first
hint-revise = Use “Revise”
hint-reduce_quantity = Reduce the quantity to { $available } or say how it will be supplied
hint-supply = Say for the line how it will be supplied
hint-open_day = The first open day is { $date }

## Told by the platform
error-object_expected = A JSON object is expected
error-bad_command = There is no such command
error-id_missing = It is not said which record to change
error-dry_run = This was a trial run: nothing was written
error-idempotency_bad_key = The idempotency key is empty, too long or has characters that are not allowed
error-login_unknown = There is no user “{ $login }”
error-undo_impossible = This cannot be undone
    .full = “{ $verb }” cannot be undone
error-undo_done = This was undone already
error-undo_conflict = This cannot be undone: the record was changed again since then
error-group_too_large = Too many changes at once: at most { $max } can be undone
error-before_from = The period ends before it starts

## Types, as named in “expected …”
type-text = text
type-bool = true or false
type-number = a number
type-integer = a whole number
type-list = a list
type-object = an object
type-date = a date
type-instant = a date and time
type-id = an ID
error-one_line = Only one line of text is possible here
error-wrong_method = This address does not take such a request
error-setup_code_wrong = The code is wrong or was used already
error-external_id_own = This ID belongs to the record itself, as it was brought in, and goes only with it
