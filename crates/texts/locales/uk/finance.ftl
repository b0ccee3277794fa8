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

## Opening balances of settlements
opening-balances = Початкові залишки розрахунків
    .one = Початкові залишки
    .new = Нові початкові залишки
opening-balances-lines_count = Кількість рядків
opening-balances-side = Хто винен
opening-balances-side-they_owe = Винні нам
opening-balances-side-we_owe = Винні ми
opening-balances-open = Лишилося
field-opening_balance_id = Початкові залишки
error-opening_twice = Цей відкритий документ уже внесено: «{ $document }»
hint-opening_twice = Лишіть у файлі лише рядки, яких ще немає, або виправте внесений документ
error-opening_after = Старий документ не може бути новішим за день початкових залишків ({ $on })
error-opening_settled = Рядки вже закрито: { $documents }. Спочатку сторнуйте ці документи
error-opening_line_settled = Рядок «{ $number }» уже закриває документ «{ $document }» ({ $entity }). Спочатку сторнуйте його
