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

## Opening balances of settlements
opening-balances = Начальные остатки расчётов
    .one = Начальные остатки
    .new = Новые начальные остатки
opening-balances-lines_count = Количество строк
opening-balances-side = Кто должен
opening-balances-side-they_owe = Должны нам
opening-balances-side-we_owe = Должны мы
opening-balances-open = Осталось
field-opening_balance_id = Начальные остатки
error-opening_twice = Этот открытый документ уже внесён: «{ $document }»
hint-opening_twice = Оставьте в файле только строки, которых ещё нет, или исправьте внесённый документ
error-opening_after = Старый документ не может быть новее дня начальных остатков ({ $on })
error-opening_settled = Строки уже закрыты: { $documents }. Сначала сторнируйте эти документы
error-opening_line_settled = Строку «{ $number }» уже закрывает документ «{ $document }» ({ $entity }). Сначала сторнируйте его
