### Payments.

payments = Оплаты
    .one = Оплата
    .new = Новая оплата
payments-direction = Направление
payments-direction-in = Поступление от партнёра
payments-direction-out = Оплата партнёру
payments-amount = Сумма
payments-allocations = Какие документы закрывает
payments-allocations-document_id = Документ
payments-allocations-amount = Сумма
payments-unallocated = Аванс
payments-method = Способ оплаты
payments-method-bank = Банк
payments-method-cash = Наличные
payments-method-card = Карта
