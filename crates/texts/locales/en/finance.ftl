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
