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
terms-overlap = У ці дні ({ $period }) діють ще й інші умови; спершу береться валюта документа, потім вищий пріоритет:
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
