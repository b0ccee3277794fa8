### Страницы ценового отдела.

price-work = Рабочее место цен
price-work-effective = Действует
price-work-edited = Редактируемая
price-work-receipt = Закуплено
price-work-cost = Себестоимость
price-work-change = Изменение
price-work-margin = Маржа
price-work-price_of = Редактируемая цена: { $product }
price-work-nothing_differs = Редактируемых цен, отличных от действующих, нет
price-work-no_types = Нет вида цен, который пишут вручную
price-work-no_types_hint = Цены по наценке или формуле считаются сами; рабочее место — для тех, что пишут.
price-work-approval = по согласованию
price-work-open_type = Вид цен
price-work-in_force_on = Действуют на
price-work-compare_with = Сравнить с днём
price-work-only_changed = Только отличные
price-work-operations = Изменение цен
price-work-try = Попробовать
price-work-try_hint = Задайте действие — здесь будет видно, что оно сделает. Ничего не записывается.
price-work-now = Сейчас
price-work-then = Будет
price-work-for_products = Товаров по отбору: { $n }
price-work-change_all = Изменить цены: { $n }
price-work-discard_all = Убрать редактируемые цены: { $n }
price-work-into_effect = Ввод в действие
price-work-apply = Ввести в действие
price-work-to_approve = Передать на согласование
price-work-approval_hint = Цены этого вида вводит в действие другой человек: будут созданы черновики изменений цен.
price-work-applied = Недавно введено
price-work-from_day = С { $day }
price-work-waits = ждёт согласования
price-work-taken_back = возвращено
price-work-take_back = Вернуть
price-work-done_of = { $done } из { $total }
price-work-done = Обработано: { $done }
price-work-stop = Остановить
price-work-job_done = Готово.
price-work-job_cancelled = Остановлено.
price-work-job_failed = Не удалось.
price-work-result-changed = Изменено: { $n }.
price-work-result-without_price = Без цены: { $n }.
price-types-approval = Вводит в действие другой человек
error-price_approval_other = Цены вида «{ $price_type }» должен ввести в действие другой человек, не их автор
error-price_approval_needed = Цены этого вида вводятся в действие только после согласования
hint-price_approval_needed = Создайте изменение цен, а провести его должен другой человек.
price-work-prices =
    { $n ->
        [one] { $n } цена
        [few] { $n } цены
       *[many] { $n } цен
    }
