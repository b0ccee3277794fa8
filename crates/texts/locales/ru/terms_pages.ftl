### Карточки соглашений и договоров, правила скидок и кто что по ним получает.

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
terms-overlap_refused = В эти дни ({ $period }) с тем же приоритетом уже действует другое соглашение. Ввести в действие не удастся:
terms-overlap = В эти дни ({ $period }) действует и другое соглашение; сначала берётся валюта документа, затем меньшее число приоритета:
terms-gap = { $count ->
    [one] С { $from } по { $to } ({ $count } день) у клиента своего соглашения нет: будет действовать типовое
    [few] С { $from } по { $to } ({ $count } дня) у клиента своего соглашения нет: будет действовать типовое
   *[many] С { $from } по { $to } ({ $count } дней) у клиента своего соглашения нет: будет действовать типовое
}
terms-gap_open = С { $from } у клиента своего соглашения нет: будет действовать типовое
terms-whose = Для кого
terms-for_all = Для всех клиентов
terms-made_from = на основе
terms-made_from_it = Индивидуальные на его основе
terms-make_individual = Индивидуальное
terms-none_made = Индивидуальных соглашений на его основе ещё нет
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
terms-own_conditions = Скидки по этому соглашению
terms-no_conditions = Отдельных скидок по этому соглашению нет
terms-from = от { $value }
terms-no_documents = Документов ещё нет
terms-parties = Стороны
terms-conditions = Условия
terms-payment_by_agreement = Оплата по соглашению
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
terms-rules = Правила цен
terms-matrix = Кто что получает
terms-rule = Правило
terms-gives = Даёт
terms-start = От
terms-priority = Приоритет
terms-flags = Особенности
terms-anyone = всем
terms-everything = всё
terms-off = выключено
terms-planned = впереди
terms-over = прошло
terms-stop = далее скидок нет
terms-final = без скидок
terms-group = группа { $n }
terms-limit = на { $quantity } ед.
terms-in_force_on = Действуют на
terms-also_idle = и те, что не действуют
terms-no_rules = На этот день правил нет
terms-elsewhere = Где ещё записаны цены
terms-who_wins = Кто побеждает
terms-wins-base = Цена: первое правило из списка, у которого есть цена на товар.
terms-wins-whom = Одного вида: сначала для клиента, затем соглашение, договор, тип дилера, сегмент, все; затем товар, ценовая группа, категория.
terms-wins-start = Одинаковые: наибольшее достигнутое количество или сумма.
terms-wins-priority = Далее меньшее число приоритета.
terms-wins-together = Скидки разных видов сочетаются так, как задано продавцу: сумма, наибольшая, одна за другой, по приоритету.
terms-clash = «{ $one }» ({ $kind }, { $period }) противоречит правилу
terms-may_clash = «{ $one }» ({ $kind }, { $period }) может совпасть у одного клиента или товара с правилом
terms-dangling = Правило относится к архивной записи «{ $title }» ({ $what }) и действует там, где она ещё указана: измените его или отправьте в архив
terms-dangling_promised = Правило относится к архивной записи «{ $title }» ({ $what }). Нового по нему не продают, обещанное раньше — продают: ограничьте его срок или отправьте в архив
terms-dangling_nothing = Правило относится к архивной записи «{ $title }» ({ $what }) и ничего не даёт: измените его или отправьте в архив
terms-dangling_terms = Условия об архивном «{ $title }» ({ $what }) ещё действуют: пересмотрите
terms-dangling_deleted = Правило относится к тому, чего уже нет ({ $what }): измените его или отправьте в архив
terms-more_dangling = …и ещё { $count } таких правил
terms-clashes = Есть правило, которое ему противоречит
terms-more_clashes = …и ещё таких пар: { $count }
terms-too_many_rules = Правил слишком много, чтобы сравнить все на странице: каждое проверено, когда его записывали
terms-by_types = Типы дилеров
terms-by_segments = Сегменты клиентов
terms-by_terms = Типовые соглашения
terms-by_clients = Выбранные клиенты
terms-by_categories = Категории
terms-by_groups = Ценовые группы
terms-by_products = Выбранные товары
terms-others = Все остальные
terms-choose_both = Выберите, для кого и на что сравнить цены
terms-take_out = Убрать
terms-change_it = Изменить
