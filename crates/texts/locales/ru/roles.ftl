### The matrix of a role's rights.

roles-who = У кого эта роль
roles-nobody = Ни у кого
roles-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 }
roles-may = Что может
roles-everything = Всё и всегда
roles-everything_how = Администратору доступно всё: ограничить эту роль нельзя. Чтобы дать кому-то меньше, дайте ему другую роль.
roles-may_see = Видит { $count } из { $all } видов записей
roles-may_own = только свои или своей команды — { $count }
roles-may_make = Создаёт { $count }
roles-may_change = изменяет { $count }
roles-unusual = Что не как обычно
roles-as_usual = Всё как обычно
roles-as_usual_how = Права такие, как они заведены в программе.
roles-own_role = Своя роль
roles-own_role_how = Её завели вы: обычных прав у неё нет.
roles-unusual_in = { $count ->
    [one] Изменён { $count } вид записей
    [few] Изменено { $count } вида записей
   *[many] Изменено { $count } видов записей
 }
roles-unusual_mark = изменено
roles-unknown = Чего не видит
roles-sees_every = Видит все виды записей
roles-unseen = { $count ->
    [one] { $count } вид записей
    [few] { $count } вида записей
   *[many] { $count } видов записей
 }
roles-hidden = { $count ->
    [one] и ещё { $count } поле
    [few] и ещё { $count } поля
   *[many] и ещё { $count } полей
 }
roles-hidden_none = Скрытых полей нет
roles-in_words = То же словами
roles-sees = Видит
roles-makes = Создаёт
roles-changes = Изменяет
roles-removes = Удаляет, переносит в архив
roles-does = Ещё может
roles-hides = Не видит полей
roles-shows = Видит поля
roles-all_of_it = всё
roles-no_access = нет доступа
roles-find = Вид записей, действие или поле…
roles-show = Что показать
roles-only_all = Всё
roles-only_granted = Разрешённое
roles-only_unusual = Изменённое
roles-copy_from = Права как у роли
roles-take_over = Взять
roles-copied = В форме — права роли «{ $name }». Они начнут действовать, когда сохраните.
roles-kind = Вид записей
roles-further = Другие действия
roles-hidden_fields = Скрытые поля
roles-hide = + скрыть поле
roles-hide_field = { $name }: скрыть поле
roles-none_found = Ничего такого нет. Сотрите часть слова.
roles-usually = Обычно: { $scope }
roles-theirs = было: { $base }, теперь: { $theirs }
roles-clash = Пока вы меняли, { $name } { $count ->
    [one] изменил или изменила то же право иначе
   *[other] изменил или изменила те же права иначе ({ $count })
 }. В отмеченных клетках стоит ваше; остальное соединено. Проверьте и сохраните ещё раз.
roles-open_row = { $name }: показать права
roles-back_to_usual = Вернуть обычные права
roles-unsaved = Изменений: #
roles-key_move = между клетками
roles-key_set = нет … все
roles-key_row = вся строка
right-undo = Отмена
right-archive = В архив
