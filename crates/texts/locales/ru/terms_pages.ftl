### Карточки условий продажи и договоров, правила скидок и кто что по ним получает.

terms-always = бессрочно
terms-from_ever = с начала
terms-open_end = без конца
terms-not_begun = Начнёт действовать { $date }
terms-ended = Срок закончился { $date }
terms-ends_soon = { $count ->
    [one] Заканчивается { $date }: остался { $count } день
    [few] Заканчивается { $date }: осталось { $count } дня
   *[many] Заканчивается { $date }: осталось { $count } дней
}
terms-waits_approval = Ждёт согласования: ещё не действует
terms-overlap_refused = В эти дни ({ $period }) с тем же приоритетом уже действуют другие условия. Ввести в действие не удастся:
terms-overlap = В эти дни ({ $period }) действуют и другие условия; сначала берётся валюта документа, затем высший приоритет:
terms-gap = { $count ->
    [one] С { $from } по { $to } ({ $count } день) у клиента своих условий нет: будут действовать типовые
    [few] С { $from } по { $to } ({ $count } дня) у клиента своих условий нет: будут действовать типовые
   *[many] С { $from } по { $to } ({ $count } дней) у клиента своих условий нет: будут действовать типовые
}
terms-gap_open = С { $from } у клиента своих условий нет: будут действовать типовые
terms-whose = Для кого
terms-for_all = Для всех клиентов
terms-made_from = на основе
terms-made_from_it = Индивидуальные на их основе
terms-make_individual = Индивидуальные
terms-none_made = Индивидуальных условий на их основе ещё нет
terms-prices = Цены
terms-term = Срок
terms-left = { $count ->
    [one] остался { $count } день
    [few] осталось { $count } дня
   *[many] осталось { $count } дней
}
terms-for_what = На что
terms-which_kind = Что это
terms-no_refinements = Уточнений нет: вид цены и скидка одинаковы для всех товаров
terms-delivery = Поставка
terms-own_conditions = Скидки по этим условиям
terms-no_conditions = Отдельных скидок по этим условиям нет
terms-from = от { $value }
terms-no_documents = Документов ещё нет
terms-parties = Стороны
terms-conditions = Условия
terms-payment_by_agreement = Оплата по условиям продажи
terms-signed = заключён { $date }
terms-contracted_delivered = По договору и поставлено
terms-contracted = По договору
terms-ordered = Заказано
terms-delivered = Поставлено
terms-left_of_it = Осталось
terms-late = Просрочено
terms-no_schedule = Графика поставок нет
terms-done = поставлено
terms-ahead = впереди
terms-short = не хватает { $quantity }
terms-behind = { $count ->
    [one] Поставка { $count } товара отстаёт от графика
   *[other] Поставка { $count } товаров отстаёт от графика
}
terms-behind_amount = Поставлено меньше, чем по графику: не хватает на { $sum }
terms-over_amount = Поставлено больше, чем на сумму договора: на { $sum }
