### The matrix of a role's rights.

roles-who = Who has this role
roles-nobody = Nobody
roles-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
 }
roles-may = What it may do
roles-everything = Everything, always
roles-everything_how = An administrator may do everything: this role cannot be narrowed. To give somebody less, give them another role.
roles-may_see = Sees { $count } of { $all } kinds of records
roles-may_own = only one’s own or the team’s: { $count }
roles-may_make = Creates { $count }
roles-may_change = changes { $count }
roles-unusual = What is not as usual
roles-as_usual = All as usual
roles-as_usual_how = The rights are those that the program comes with.
roles-own_role = A role of your own
roles-own_role_how = You made it: there are no usual rights of it.
roles-unusual_in = { $count ->
    [one] { $count } kind of records changed
   *[other] { $count } kinds of records changed
 }
roles-unusual_mark = changed
roles-unknown = What it does not see
roles-sees_every = Sees all kinds of records
roles-unseen = { $count ->
    [one] { $count } kind of records
   *[other] { $count } kinds of records
 }
roles-hidden = { $count ->
    [one] and { $count } field
   *[other] and { $count } fields
 }
roles-hidden_none = No field is hidden
roles-in_words = The same in words
roles-sees = Sees
roles-makes = Creates
roles-changes = Changes
roles-removes = Deletes, archives
roles-does = May also
roles-hides = Does not see fields
roles-shows = Sees fields
roles-all_of_it = everything
roles-no_access = no access
roles-find = Kind of records, action or field…
roles-show = What to show
roles-only_all = All
roles-only_granted = Allowed
roles-only_unusual = Changed
roles-copy_from = Rights as of role
roles-take_over = Take over
roles-copied = The form shows the rights of the role “{ $name }”. They hold once you save.
roles-kind = Kind of records
roles-further = Other actions
roles-hidden_fields = Hidden fields
roles-hide = + hide a field
roles-hide_field = { $name }: hide a field
roles-none_found = There is nothing like that. Erase a part of the word.
roles-usually = Usually: { $scope }
roles-theirs = was: { $base }, now: { $theirs }
roles-clash = While you were changing, { $name } changed { $count ->
    [one] the same right otherwise
   *[other] the same rights otherwise ({ $count })
 }. The marked cells hold yours; the rest is joined. Check and save again.
roles-open_row = { $name }: show the rights
roles-back_to_usual = Back to the usual rights
roles-unsaved = Changes: #
roles-key_move = between cells
roles-key_set = none … all
roles-key_row = the whole row
right-undo = Undo
right-archive = Archive
