### Картки умов продажу й договорів, правила знижок і хто що за ними отримує.

terms-always = безстроково
terms-from_ever = від початку
terms-open_end = без кінця
terms-not_begun = Почне діяти { $date }
terms-ended = Строк закінчився { $date }
terms-ends_soon = { $count ->
    [one] Закінчується { $date }: лишився { $count } день
    [few] Закінчується { $date }: лишилося { $count } дні
   *[many] Закінчується { $date }: лишилося { $count } днів
}
terms-waits_approval = Чекає на погодження: ще не діє
terms-overlap_refused = У ці дні ({ $period }) з тим самим пріоритетом уже діють інші умови. Ввести в дію не вдасться:
terms-overlap = У ці дні ({ $period }) діють ще й інші умови; спершу береться валюта документа, потім менше число пріоритету:
terms-gap = { $count ->
    [one] З { $from } до { $to } ({ $count } день) у клієнта власних умов немає: діятимуть типові
    [few] З { $from } до { $to } ({ $count } дні) у клієнта власних умов немає: діятимуть типові
   *[many] З { $from } до { $to } ({ $count } днів) у клієнта власних умов немає: діятимуть типові
}
terms-gap_open = З { $from } у клієнта власних умов немає: діятимуть типові
terms-whose = Для кого
terms-for_all = Для всіх клієнтів
terms-made_from = на основі
terms-made_from_it = Індивідуальні на їх основі
terms-make_individual = Індивідуальні
terms-none_made = Індивідуальних умов на їх основі ще немає
terms-prices = Ціни
terms-term = Строк
terms-left = { $count ->
    [one] лишився { $count } день
    [few] лишилося { $count } дні
   *[many] лишилося { $count } днів
}
terms-for_what = На що
terms-which_kind = Що це
terms-no_refinements = Уточнень немає: вид ціни й знижка однакові для всіх товарів
terms-delivery = Постачання
terms-own_conditions = Знижки за цими умовами
terms-no_conditions = Окремих знижок за цими умовами немає
terms-from = від { $value }
terms-no_documents = Документів ще немає
terms-parties = Сторони
terms-conditions = Умови
terms-payment_by_agreement = Оплата за умовами продажу
terms-signed = укладено { $date }
terms-contracted_delivered = За договором і поставлено
terms-contracted = За договором
terms-ordered = Замовлено
terms-delivered = Поставлено
terms-left_of_it = Лишилося
terms-late = Прострочено
terms-no_schedule = Графіка постачання немає
terms-done = поставлено
terms-ahead = попереду
terms-short = бракує { $quantity }
terms-behind = { $count ->
    [one] Постачання { $count } товару відстає від графіка
   *[other] Постачання { $count } товарів відстає від графіка
}
terms-behind_amount = Поставлено менше, ніж за графіком: бракує на { $sum }
terms-over_amount = Поставлено більше, ніж на суму договору: на { $sum }
terms-rules = Правила цін
terms-matrix = Хто що отримує
terms-rule = Правило
terms-gives = Дає
terms-start = Від
terms-priority = Пріоритет
terms-flags = Особливості
terms-anyone = усім
terms-everything = усе
terms-off = вимкнено
terms-planned = попереду
terms-over = минуло
terms-stop = далі знижок немає
terms-final = без знижок
terms-group = група { $n }
terms-limit = на { $quantity } од.
terms-in_force_on = Діють на
terms-also_idle = і ті, що не діють
terms-no_rules = На цей день правил немає
terms-elsewhere = Де ще записано ціни
terms-who_wins = Хто перемагає
terms-wins-base = Ціна: перше правило зі списку, що має ціну на товар.
terms-wins-whom = Одного виду: спершу для клієнта, потім умови, договір, тип дилера, сегмент, усі; потім товар, цінова група, категорія.
terms-wins-start = Однакові: найбільша досягнута кількість чи сума.
terms-wins-priority = Далі менше число пріоритету.
terms-wins-together = Знижки різних видів поєднуються так, як задано продавцеві: сума, найбільша, одна за одною, за пріоритетом.
terms-clash = «{ $one }» ({ $kind }, { $period }) суперечить правилу
terms-may_clash = «{ $one }» ({ $kind }, { $period }) може збігтися в одного клієнта чи товару з правилом
terms-dangling = Правило стосується архівного запису «{ $title }» ({ $what }) і діє там, де його ще вказано: змініть його або відправте в архів
terms-dangling_promised = Правило стосується архівного запису «{ $title }» ({ $what }). Нового за ним не продають, обіцяне раніше — продають: обмежте його строк або відправте в архів
terms-dangling_nothing = Правило стосується архівного запису «{ $title }» ({ $what }) і нічого не дає: змініть його або відправте в архів
terms-dangling_terms = Умови про заархівоване «{ $title }» ({ $what }) ще діють: перегляньте
terms-dangling_deleted = Правило стосується того, чого вже немає ({ $what }): змініть його або відправте в архів
terms-more_dangling = …і ще { $count } таких правил
terms-clashes = Є правило, що йому суперечить
terms-more_clashes = …і ще таких пар: { $count }
terms-too_many_rules = Правил забагато, щоб порівняти всі на сторінці: кожне перевірено, коли його записували
terms-by_types = Типи дилерів
terms-by_segments = Сегменти клієнтів
terms-by_terms = Типові умови
terms-by_clients = Вибрані клієнти
terms-by_categories = Категорії
terms-by_groups = Цінові групи
terms-by_products = Вибрані товари
terms-others = Усі інші
terms-choose_both = Виберіть, для кого і на що порівняти ціни
terms-take_out = Прибрати
terms-change_it = Змінити
