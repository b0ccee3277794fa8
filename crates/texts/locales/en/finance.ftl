### Payments.

payments = Payments
    .one = Payment
    .new = New payment
payments-direction = Direction
payments-direction-in = Received
payments-direction-out = Paid out
payments-amount = Amount
payments-allocations = Pays for
payments-allocations-document_id = Document
payments-allocations-amount = Amount
payments-unallocated = Prepayment
payments-method = Payment method
payments-method-bank = Bank
payments-method-cash = Cash
payments-method-card = Card

## Opening balances of settlements
opening-balances = Opening balances
    .one = Opening balances
    .new = New opening balances
opening-balances-lines_count = Lines
opening-balances-side = Who owes
opening-balances-side-they_owe = They owe us
opening-balances-side-we_owe = We owe them
opening-balances-open = Still open
field-opening_balance_id = Opening balances
error-opening_twice = This open item was already brought in by “{ $document }”
hint-opening_twice = Leave only those lines in the file that are not there yet, or revise the document that was brought in
error-opening_after = The old document cannot be later than the day of the opening balances ({ $on })
error-opening_settled = Lines are settled already: { $documents }. Reverse these documents first
error-opening_line_settled = The line “{ $number }” is settled by “{ $document }” ({ $entity }). Reverse that first
