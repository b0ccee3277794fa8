### What a refusal says (`error-{code}`) and what to do about it (`hint-{code}`).
### Arguments come by name as plain strings: numbers, decimal strings and ISO dates are shown the local way; `state`, `verb`, `action`, `field`,
### `columns`, `role`, `expected`, `entity`, `what` are codes and are shown by their own texts; names as given.
### The attribute `.full` is used where all arguments of it were given, the text itself where not.

## General
error-invalid = Проверьте отмеченные поля
error-internal = Произошла ошибка на нашей стороне. Ничего не изменено; событие записано в журнал
error-too_many_requests = Слишком много запросов: не больше { $max } в минуту. Попробуйте через { $seconds } с
error-busy = Система сейчас занята. Попробуйте ещё раз через несколько секунд
error-timeout = Время ожидания вышло. Попробуйте ещё раз или сузьте запрос
error-not_found = Такой записи нет или она вам недоступна
error-forbidden = У вас нет права на это действие
    .full = У вас нет права на действие «{ $action }» (раздел «{ $entity }»)
error-body_too_large = Слишком большой запрос: разрешено не более { $max } МиБ
error-unreadable_json = Запрос не читается как JSON: строка { $line }, знак { $column }
error-unreadable = Запрос не удалось прочитать
error-unreadable_body = Тело запроса не удалось прочитать
error-unavailable = Эта возможность сейчас недоступна
error-cancelled = Работа остановлена, изменения не внесены

## Fields
error-required = Заполните это поле
error-unknown_field = Такого поля нет
    .full = Поля «{ $value }» нет
error-read_only = Это поле заполняет система
error-wrong_type = Значение не того типа: ожидается { $expected }
error-too_long = Слишком длинный текст: { $max ->
        [one] не более { $max } символа
        [few] не более { $max } символов
       *[many] не более { $max } символов
    }
error-too_many = Слишком много значений: не более { $max }
error-out_of_range = Значение должно быть от { $min } до { $max }
error-too_small = Значение должно быть не меньше { $min }
error-too_large = Значение должно быть не больше { $max }
error-overflow = Слишком большое число
error-negative = Значение не может быть отрицательным
error-zero = Значение не может быть нулём
error-not_a_number = Это не число
error-not_an_integer = Ожидается целое число
error-bad_date = Такой даты нет. Напишите год-месяц-день, например 2026-11-21
error-bad_instant = Не удалось прочитать дату и время. Пример: 2026-11-21T14:05:00Z
error-bad_period = Конец периода раньше начала
error-bad_id = Это не идентификатор записи
error-bad_code = Такого кода нет: { $value }
    .full = Такого кода нет: { $value }
error-bad_grant = Такого права здесь нет: { $value }
    .full = Такого права здесь нет: { $value }
error-bad_choice = Такого варианта нет. Возможны: { $choices }
error-bad_text = Текст содержит недопустимые символы
error-reference_missing = Записи, на которую вы ссылаетесь, нет
    .full = «{ $value }» не найдено
error-reference_archived = «{ $title }» в архиве, выбрать нельзя
error-name_missing = «{ $value }» не найдено
error-name_ambiguous = «{ $value }» найдено несколько раз. Укажите идентификатор
error-name_unclear = «{ $value }» может означать { $choices }. Напишите один из этих кодов
error-unique = Такая запись уже есть
    .full = Такая запись уже есть: совпадает { $columns }
error-duplicate = Значение повторяется
error-duplicate_row = Строка { $row } о том же. Оставьте одну из двух
error-duplicate_line = Такая строка уже есть
error-email_bad = Это не похоже на адрес электронной почты
error-phone_bad = Это не похоже на номер телефона
error-url_bad = Это не похоже на адрес сайта
error-tax_id_bad = Налоговый номер не проходит проверку контрольной цифры
error-tax_id_length = Налоговый номер должен содержать { $expected } цифр
error-registration_code_bad = Регистрационный код не проходит проверку контрольной цифры
error-vat_number_bad = Номер плательщика НДС записан неверно
error-iban_bad = IBAN не проходит проверку контрольных цифр
error-cycle = Запись не может прямо или через другие входить сама в себя
error-same_record = Выберите другую запись: это та же самая
error-similar_exists = Похожая запись уже есть: «{ $title }». Спросите: { $name }

## Lists, filters, cursors
error-bad_cursor = Продолжение списка устарело. Начните с первой страницы
error-unknown_parameter = Такого параметра нет: { $value }
error-unknown_collection = Такого раздела нет: { $value }
error-unknown_verb = Такого действия нет: { $value }

## Signing in, users
error-signed_out = Войдите в систему
error-wrong_password = Неверный логин или пароль
error-too_many_attempts = Слишком много попыток. Попробуйте через { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
error-csrf = Страница устарела. Обновите её и попробуйте ещё раз
error-weak_password = Слишком слабый пароль: нужно не менее { $min ->
        [one] { $min } символа
        [few] { $min } символов
       *[many] { $min } символов
    }

## Versions, conflicts, repeating
error-version_needed = Укажите версию записи, которую вы изменяете (поле version или If-Match)
error-bad_version = Версию записи не удалось прочитать
error-conflict = Кто-то другой изменил то же самое. Выберите, что оставить
error-idempotency_mismatch = Этот ключ повторения уже использован для другого запроса
error-idempotency_in_flight = Такой же запрос ещё выполняется

## States, removal, undo
error-state_refuses = Действие «{ $verb }» невозможно в состоянии «{ $state }»
error-posted_immutable = Проведённый документ не изменяют: исправьте или сторнируйте его
    .full = В состоянии «{ $state }» документ не изменяют: исправьте или сторнируйте его
error-not_posted = Документ ещё не проведён
error-not_archived = Запись не в архиве
error-archived = Запись в архиве. Сначала верните её
error-has_dependents = Сначала разберитесь с тем, что от этого зависит: { $what }
error-in_use = Запись используется: { $what }
error-period_closed = Период закрыт по { $date } включительно
error-date_future = Дата не может быть в будущем

## Money, quantities, lines
error-line_limit = Слишком много строк: не более { $max }
error-line_unknown = Такой строки в документе нет
error-quantity_zero = Количество не может быть нулевым
error-quantity_negative = Количество не может быть отрицательным
error-negative_price = Цена не может быть отрицательной
error-negative_amount = Сумма не может быть отрицательной
error-amount_zero = Сумма не может быть нулевой
error-amount_decimals = Сумма в валюте { $currency } имеет не более { $max } знаков после запятой
error-price_missing = Нет цены на «{ $product }»
error-price_zero = По правилам «{ $product }» ничего не стоит. Проверьте, так ли задумано, или впишите цену
error-discount_whole = По правилам от цены «{ $product }» ничего не остаётся. Проверьте действующие скидки или впишите свою
error-return_at_sale = «{ $product }» возвращается по цене последней продажи, { $number } от { $date }. Если это другая продажа, впишите её цену или укажите отгрузку
error-return_at_terms = Продажа «{ $product }» не найдена: цена — по сегодняшним условиям. Впишите цену, по которой его продали, или укажите отгрузку
error-return_several_prices = В отгрузке «{ $product }» по нескольким ценам: взята первая. Впишите цену того, что возвращается
error-currency_rate_missing = Нет курса { $currency } на { $date }
error-currency_mismatch = Валюта должна быть { $expected }
error-currency_same = Курс валюты к ней самой не задают
error-rate_not_positive = Курс должен быть больше нуля
error-unit_not_of_product = Товар «{ $product }» не учитывается в этой единице
error-base_price_type_needed = Для наценки укажите базовый вид цены
error-price_computed = Цены этого вида рассчитываются, их не задают вручную
error-formula_too_long = Формула слишком велика: не более { $detail } символов
error-overlap = Сроки действия пересекаются: «{ $rule_a }» и «{ $rule_b }»
error-agreement_not_valid = Соглашение не действует на { $date }
error-agreement_other_partner = Это соглашение другого партнёра
error-agreement_other_company = Это соглашение другой организации
error-agreement_not_active = Соглашение ещё не действует
error-partner_needed = Индивидуальному соглашению нужен партнёр
error-standard_has_no_partner = Типовое соглашение действует для всех и не имеет партнёра
error-product_or_category = Укажите либо товар, либо категорию
error-company_mismatch = Это принадлежит другой организации
error-partner_mismatch = Это принадлежит другому партнёру
error-counterparty_other_partner = Контрагент принадлежит другому партнёру

## Stock, credit, fulfilment
error-not_enough_stock = Не хватает «{ $product }»: свободно { $available }, нужно { $needed }
error-warehouse_missing = Укажите склад
error-warehouse_other_company = Склад принадлежит другой организации
error-service_has_no_stock = «{ $product }» — услуга, на складе её нет
error-credit_exceeded = Лимит кредита { $limit } превышен на { $over }: долг и открытые заказы вместе { $exposure }
error-over_shipped = Отгружено было бы больше, чем заказано: { $shipped } из { $ordered }
error-over_returned = Вернуть можно не больше, чем отгружено: { $shipped }
error-nothing_to_ship = Отгружать больше нечего
error-order_not_confirmed = Сначала подтвердите заказ
error-order_has_shipments = По заказу уже есть отгрузки: { $documents }. Сначала сторнируйте их
error-bad_database = Адрес базы данных пишется sqlite://ФАЙЛ или postgres://ПОЛЬЗОВАТЕЛЬ:ПАРОЛЬ@СЕРВЕР/БАЗА
error-no_database = Базы данных { $file } нет: проверьте --database и --data или создайте её командой kontor migrate
error-bad_listen = Адрес, на котором слушать, пишется ХОСТ:ПОРТ, например 127.0.0.1:8080: { $value }
error-allocation_exceeds = Распределено больше суммы: { $allocated } из { $amount }
error-allocation_over_document = По документу «{ $document }» осталось оплатить только { $amount }
error-prepays_one_order = Одна оплата может быть предоплатой только одного заказа; для «{ $document }» сделайте отдельную оплату
error-allocation_other_partner = Документ принадлежит другому партнёру, организации или валюте
error-quote_expired = Срок действия предложения истёк { $date }
error-quote_has_order = По предложению уже есть заказ { $number }: сначала отмените его
error-quote_ordered_before = Заказ { $number } создан по этому предложению раньше; он остаётся как есть
error-quote_not_confirmed = Сначала подтвердите предложение { $number }

## Deals, tasks
error-deal_closed = Сделка закрыта: откройте её снова, чтобы изменить это
error-stage_of_other_kind = Стадия принадлежит другому виду сделок
error-stage_skipped = Стадии проходят по порядку: следующая — «{ $title }»
error-kind_without_stages = У этого вида сделок нет стадий
error-close_before_open = Дата закрытия раньше даты открытия
error-winner_not_competitor = Выиграть мог только конкурент
error-deal_opened_earlier = Сделка записана позже, чем закончилась: днём открытия стал { $date }
error-reminder_after_due = Напоминание позже срока
error-ends_before_start = Окончание раньше начала

## Files and imports
error-file_unreadable = Файл не удалось прочитать: { $message }
error-file_format_unknown = Формат файла не распознан. Поддерживаются CSV, XLSX
error-file_missing = Файла «{ $file }» нет
error-file_empty = Файл пустой
error-file_too_large = Файл слишком большой: разрешено не более { $max } МиБ
error-workbook_too_large = Книга слишком большая: можно прочитать не более { $max } МиБ в распакованном виде. Сохраните лист как CSV: он может занимать до 1 ГиБ
error-file_encoding = Кодировка файла не распознана
error-sheet_missing = Листа «{ $name }» нет
error-column_missing = В файле нет колонки «{ $name }»
error-column_unknown = Неизвестная колонка «{ $name }»
error-column_repeated = Колонка «{ $name }» встречается дважды
error-row_too_long = В строке больше значений, чем колонок
error-row_broken = Строку не удалось разобрать: { $message }
error-import_not_allowed = Этот раздел не загружают из файла
error-import_refused = Ничего не загружено: { $count ->
        [one] { $count } строка с ошибкой
        [few] { $count } строки с ошибками
       *[many] { $count } строк с ошибками
    }
error-profile_bad = Профиль загрузки содержит ошибку: { $message }
error-profile_entity = Профиль называет неизвестный раздел: { $value }
error-profile_field = Профиль называет неизвестное поле: { $value }
error-profile_no_files = По шаблону «{ $file }» файлов не найдено

## Database and command line
error-database_down = База данных сейчас недоступна. Попробуйте ещё раз через минуту
error-migration_changed = Миграция { $migration } применена к этой базе с другим текстом: программа и база не от одной версии
error-backup_failed = Копия базы данных не создана
error-backup_with_pg_dump = База PostgreSQL копируется программой pg_dump
error-database_newer = База данных создана более новой версией программы
    .full = База данных создана более новой версией программы (миграция { $migration })
error-disk_full = На диске нет места

## Hints: what to do
hint-bad_grant = Здесь бывают: { $actions }; границы — none, own, team, all; поля — hide:название
hint-reload = Обновите страницу
hint-close_before_open = Сделка открыта { $date }: если она началась раньше, сначала измените «Открыта»
hint-rate_type_missing = Заведите организацию: вместе с первым курсом появится вид курса в её валюте
hint-sign_in = Войдите и повторите
hint-existing = Уже есть: «{ $title }»
hint-create_missing = Сначала создайте «{ $value }»
hint-revise = Воспользуйтесь действием «Исправить»
hint-reduce_quantity = Уменьшите количество до { $available } или укажите способ обеспечения
hint-supply = Укажите для строки, откуда взять товар
hint-open_day = Первый открытый день — { $date }

## Told by the platform
error-object_expected = Ожидается объект JSON
error-bad_command = Такой команды нет
error-id_missing = Не указано, какую запись изменить
error-dry_run = Это только проверка: ничего не записано
error-idempotency_bad_key = Ключ повторения пустой, слишком длинный или содержит недопустимые символы
error-login_unknown = Пользователя «{ $login }» нет
error-undo_impossible = Это действие нельзя отменить
    .full = Действие «{ $verb }» нельзя отменить
error-undo_done = Это уже отменено
error-undo_conflict = Это изменение не отменить: с тех пор запись снова изменили
error-group_too_large = Слишком много изменений сразу: отменить можно не больше { $max }
error-before_from = Конец периода раньше начала

## Types, as named in “expected …”
type-text = текст
type-bool = да или нет
type-number = число
type-integer = целое число
type-list = список
type-object = объект
type-date = дата
type-instant = дата и время
type-id = идентификатор
error-one_line = Здесь может быть только одна строка текста
error-wrong_method = Этот адрес не принимает такой запрос
error-setup_code_wrong = Код не подходит или уже использован
error-external_id_own = Этот код принадлежит самой записи, так она была внесена, и исчезает только вместе с ней
