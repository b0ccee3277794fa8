### Payments.

payments = Оплати
    .one = Оплата
    .new = Нова оплата
payments-direction = Напрям
payments-direction-in = Надходження від партнера
payments-direction-out = Оплата партнеру
payments-amount = Сума
payments-allocations = Які документи закриває
payments-allocations-document_id = Документ
payments-allocations-amount = Сума
payments-unallocated = Аванс
payments-method = Спосіб оплати
payments-method-bank = Банк
payments-method-cash = Готівка
payments-method-card = Картка
