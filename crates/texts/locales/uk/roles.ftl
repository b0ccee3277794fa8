### The matrix of a role's rights.

roles-who = Хто має цю роль
roles-nobody = Ніхто
roles-people = { $count ->
    [one] { $count } людина
    [few] { $count } людини
   *[many] { $count } людей
 }
roles-may = Що може
roles-everything = Усе й завжди
roles-everything_how = Адміністраторові доступне все: обмежити цю роль не можна. Щоб дати комусь менше, дайте йому іншу роль.
roles-may_see = Бачить { $count } з { $all } видів записів
roles-may_own = лише власні чи своєї команди — { $count }
roles-may_make = Створює { $count }
roles-may_change = змінює { $count }
roles-unusual = Що не як звичайно
roles-as_usual = Усе як звичайно
roles-as_usual_how = Права такі, як їх заведено в програмі.
roles-own_role = Власна роль
roles-own_role_how = Її завели ви: звичайних прав у неї немає.
roles-unusual_in = { $count ->
    [one] Змінено { $count } вид записів
    [few] Змінено { $count } види записів
   *[many] Змінено { $count } видів записів
 }
roles-unusual_mark = змінено
roles-unknown = Чого не бачить
roles-sees_every = Бачить усі види записів
roles-unseen = { $count ->
    [one] { $count } вид записів
    [few] { $count } види записів
   *[many] { $count } видів записів
 }
roles-hidden = { $count ->
    [one] і ще { $count } поле
    [few] і ще { $count } поля
   *[many] і ще { $count } полів
 }
roles-hidden_none = Прихованих полів немає
roles-in_words = Те саме словами
roles-sees = Бачить
roles-makes = Створює
roles-changes = Змінює
roles-removes = Видаляє, переносить в архів
roles-does = Ще може
roles-hides = Не бачить полів
roles-shows = Бачить поля
roles-all_of_it = усе
roles-no_access = немає доступу
roles-find = Вид записів, дія або поле…
roles-show = Що показати
roles-only_all = Усе
roles-only_granted = Дозволене
roles-only_unusual = Змінене
roles-copy_from = Права як у ролі
roles-take_over = Узяти
roles-copied = У формі — права ролі «{ $name }». Вони почнуть діяти, коли збережете.
roles-kind = Вид записів
roles-further = Інші дії
roles-hidden_fields = Приховані поля
roles-hide = + сховати поле
roles-hide_field = { $name }: сховати поле
roles-none_found = Нічого такого немає. Зітріть частину слова.
roles-usually = Звичайно: { $scope }
roles-theirs = було: { $base }, тепер: { $theirs }
roles-clash = Поки ви змінювали, { $name } { $count ->
    [one] змінив або змінила те саме право інакше
   *[other] змінив або змінила ті самі права інакше ({ $count })
 }. У позначених клітинках стоїть ваше; решту поєднано. Перевірте й збережіть ще раз.
roles-open_row = { $name }: показати права
roles-back_to_usual = Повернути звичайні права
roles-unsaved = Змін: #
roles-key_move = між клітинками
roles-key_set = немає … усі
roles-key_row = увесь рядок
right-undo = Відміна
right-archive = В архів
