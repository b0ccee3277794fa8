### Сторінки цінового відділу.

price-work = Робоче місце цін
price-work-effective = Діюча
price-work-edited = Редагована
price-work-receipt = Закуплено
price-work-cost = Собівартість
price-work-change = Зміна
price-work-margin = Маржа
price-work-price_of = Редагована ціна: { $product }
price-work-nothing_differs = Редагованих цін, що відрізняються від діючих, немає
price-work-no_types = Немає виду цін, який пишуть вручну
price-work-no_types_hint = Ціни за націнкою чи формулою рахуються самі; робоче місце — для тих, що пишуть.
price-work-approval = за погодженням
price-work-open_type = Вид цін
price-work-in_force_on = Діють на
price-work-compare_with = Порівняти з днем
price-work-only_changed = Лише відмінні
price-work-operations = Зміна цін
price-work-try = Спробувати
price-work-try_hint = Задайте дію — тут буде видно, що вона зробить. Нічого не записується.
price-work-now = Зараз
price-work-then = Буде
price-work-for_products = Товарів за відбором: { $n }
price-work-change_all = Змінити ціни: { $n }
price-work-discard_all = Прибрати редаговані ціни: { $n }
price-work-into_effect = Введення в дію
price-work-apply = Ввести в дію
price-work-to_approve = Передати на погодження
price-work-approval_hint = Ціни цього виду вводить у дію інша людина: буде створено чернетки змін цін.
price-work-applied = Нещодавно введено
price-work-from_day = З { $day }
price-work-waits = чекає погодження
price-work-taken_back = повернуто
price-work-take_back = Повернути
price-work-done_of = { $done } з { $total }
price-work-done = Опрацьовано: { $done }
price-work-stop = Зупинити
price-work-job_done = Готово.
price-work-job_cancelled = Зупинено.
price-work-job_failed = Не вдалося.
price-work-result-changed = Змінено: { $n }.
price-work-result-without_price = Без ціни: { $n }.
price-types-approval = Вводить у дію інша людина
error-price_approval_other = Ціни виду «{ $price_type }» має ввести в дію інша людина, не їхній автор
error-price_approval_needed = Ціни цього виду вводяться в дію лише після погодження
hint-price_approval_needed = Створіть зміну цін, а провести її має інша людина.
price-work-prices =
    { $n ->
        [one] { $n } ціна
        [few] { $n } ціни
       *[many] { $n } цін
    }
