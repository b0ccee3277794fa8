### Words of pages: shell, sign-in, home, lists, cards, editors, palette, keys, history, import, errors.

## Shell
page-home = My day
page-search = Find, go to, do…
page-menu = Menu
page-more = More
page-all = All
page-skip = Skip to content
page-main_navigation = Main navigation
page-settings = Settings
page-profile = Profile
page-profile-password = Password
page-profile-old_password = Current password
page-profile-new_password = New password
page-profile-password_hint = At least 10 characters. Other devices and tokens of programs will have to be connected again.
page-profile-change_password = Change password
page-profile-password_changed = The password is changed, other sessions are ended
page-profile-tokens = Tokens of programs
page-profile-token_label = What for
page-profile-token_life = Lives
page-profile-token_made = Made
page-profile-token_used = Used
page-profile-token_until = Until
page-profile-token_once = Copy the token: it will not be shown again.
page-profile-no_tokens = No tokens. A token gives a program your rights.
page-profile-make_token = Make a token
page-profile-revoke = Revoke
page-profile-days_30 = 30 days
page-profile-days_90 = 90 days
page-profile-days_365 = a year
page-profile-for_ever = for ever
page-language = Language
page-theme = Appearance
page-theme-light = Light
page-theme-dark = Dark
page-theme-auto = As the system
page-help = Keys
page-notifications = Notifications
page-pinned = Pinned
page-recent = Recent
page-company = Company
page-offline = No connection to the server. What you typed is kept on this computer
page-loading = Loading…
page-version = Version

## Signing in
page-sign_in = Sign in
page-sign_in-title = Sign in to Kontor
page-sign_in-login = Login
page-sign_in-password = Password
page-sign_in-code = Confirmation code
page-sign_in-button = Sign in
page-sign_in-demo = Demo: choose who to sign in as
page-sign_out = Sign out
page-signed_out = You have signed out

## Home
page-home-my_tasks = My tasks
page-home-today = Today
page-home-tomorrow = Tomorrow
page-home-overdue = Overdue
page-home-critical_orders = Orders that need attention
page-home-open_deals = Open deals
page-home-sales_month = Sales this month
page-home-debts = Who owes us
page-home-funnel = Funnel
page-home-whom_to_call = Whom to call
page-home-low_stock = Running low
page-home-plan = Plan
page-home-fact = Actual
page-home-nothing_today = Nothing planned for today

## Lists
page-list-new = New
page-list-filter = Filter
page-list-filter_hint = For example: Kyiv debt>1000
page-list-filter_remove = Remove the condition
page-list-filter_clear = Clear all conditions
page-list-search = Search the list
page-list-sort = Sort
page-list-group = Group
page-list-columns = Columns
page-list-views = Views
page-list-totals = Totals of the whole list
page-list-ungrouped = No groups
page-list-how_many = How many
page-list-without_value = no value
page-list-groups_cut = The largest groups are shown
page-list-share_view = Share with colleagues
page-list-looks = Look
page-list-open = Open
page-list-save_view = Save the view
page-list-export = Export
page-list-import = Import
page-list-count = Count all
page-list-shown = { $count } shown
page-list-next = Next
page-list-previous = Back
page-list-first = To the start
page-list-load_more = Show more
page-list-select = Select
page-list-select_all = Select all matches
page-list-unselect = Clear the selection
page-list-bulk = Actions on the selected
page-list-archived = Show archived
page-list-peek = Quick look
page-list-empty = Nothing here yet
page-list-empty_hint = Create the first record or import a file
page-list-empty_facts = Records appear here by themselves: from documents, imports and the work of the program
page-list-no_match = Nothing matches
page-list-newest = Very many matches: the newest come first.
page-list-newest_sort = Show in the order of the list
page-list-no_match_search = Nothing found for “{ $value }”
page-list-total = Total of all matches
page-list-board = Board
page-list-table = List
page-list-funnel = Funnel
page-list-mine = Mine
page-list-team = Team’s
page-list-all = All

## Conditions of filters
op-eq = is
op-ne = is not
op-lt = less than
op-le = at most
op-gt = more than
op-ge = at least
op-in = one of
op-contains = contains
op-starts = starts with
op-empty = is empty
op-not_empty = is filled

## Cards and forms
page-card-overview = Overview
page-card-details = Details
page-card-main = Main
page-card-history = History
page-card-timeline = Timeline
page-card-documents = Documents
page-card-related = Related
page-card-lines = Lines
page-card-files = Files
page-card-movements = Movements
page-card-open = Open
page-card-edit = Edit
page-card-save = Save
page-card-save_and_new = Save and create another
page-card-cancel = Cancel
page-card-close = Close
page-card-back = Back
page-card-actions = Actions
page-card-create_from = Create from this
page-card-print = Print
page-card-pin = Pin
page-card-required = required
page-card-optional = optional
page-card-choose = Choose…
page-card-nothing_found = Nothing found
page-card-create_named = Create “{ $value }”
page-card-add = Add
page-card-remove = Remove
page-card-unsaved = There are unsaved changes
page-card-draft_saved = Draft saved at { $time }
page-card-draft_found = Your draft of { $time } was found
page-card-draft_use = Continue the draft
page-card-draft_drop = Drop the draft
page-card-as_of = As of { $date }
page-card-archived = This record is archived

## Saved, undone, refused
page-saved = Saved
page-created = Created: { $title }
page-changed = Changed: { $title }
page-removed = Removed: { $title }
page-done = { $verb }: { $title }
page-undo = Undo
page-undone = Undone
page-nothing_changed = Nothing was changed
page-copy = Copy
page-copied = Copied
page-sure = Are you sure?
page-confirm_reverse = Reverse “{ $title }”? Its movements will be taken back on { $date }
page-not_needed = Never mind

## Conflict of two editors
page-conflict = Conflict
page-conflict-title = You both changed the same field
page-conflict-base = It was
page-conflict-theirs = Theirs
page-conflict-yours = Yours
page-conflict-take_theirs = Keep theirs
page-conflict-take_yours = Use mine
page-conflict-by = { $name }, { $time }
page-conflict-joined =
    { $count ->
        [one] The other { $count } field joined
       *[other] The other { $count } fields joined
    } without conflict

## Partner card
page-partner-who = Who
page-partner-owe = What they owe
page-partner-going_on = What is going on
page-partner-next = Next
page-partner-turnover = Turnover, 12 months
page-partner-ageing = Debt by age
page-partner-contacts = Contacts
page-partner-terms = Terms
page-partner-relations = Relations
page-partner-holding = Holding
page-partner-no_contacts = No contacts yet
page-partner-no_next_step = No next step is planned
page-partner-plan_next = Plan the next step
page-partner-note_talk = Note a talk, set a task…
page-partner-no_debt = No debt

## Order editor
page-order-paste = Paste from Excel
page-order-totals = Totals
page-order-vat_included = incl. VAT
page-order-margin = Margin
page-order-available = available
page-order-why_price = Why this price
page-order-blockers = What prevents posting
page-order-no_blockers = Nothing in the way
page-order-chain = Chain of documents
page-order-partner_first = Choose the partner first

## Deals
page-deals-board = Deals board
page-deals-weighted = weighted { $amount }
page-deals-idle =
    { $count ->
        [one] idle for { $count } day
       *[other] idle for { $count } days
    }
page-deals-moved = “{ $title }” is now at the stage “{ $stage }”
page-deals-no_stage = No stage
page-deals-won = Won
page-deals-lost = Lost
page-deals-open = Open

## Reports
page-report-period = Period
page-report-from = From
page-report-to = To
page-report-currency = In currency
page-report-show = Show
report-only = Show
page-report-parameters = Parameters
page-report-chart = Chart
page-report-table = Table
page-report-export = Export
page-report-drill = To the documents
page-report-this_month = This month
page-report-last_month = Last month
page-report-this_quarter = This quarter
page-report-this_year = This year
page-report-last_12_months = 12 months
page-report-all_time = All time

## Command palette and keys
page-palette = Command palette
page-palette-hint = Type what to find or do
page-palette-go = Go to
page-palette-do = Do
page-palette-found = Found
page-palette-recent = Recent
page-palette-commands = commands
page-palette-documents = documents
page-palette-people = people
page-palette-nothing = Nothing found
page-keys = Keys
page-keys-everywhere = Everywhere
page-keys-lists = In lists
page-keys-forms = In forms
page-keys-order = In order lines
page-keys-off = Switch single-letter keys off
key-palette = Command palette
key-search = Search and filter
key-new = New
key-edit = Edit
key-save = Save
key-save_post = Save and post
key-undo = Undo the last change
key-help = Show the keys
key-go = Go to: g, then a letter
key-move = Row down or up
key-open = Open
key-peek = Quick look
key-select = Select the row
key-select_all = Select all matches
key-views = Previous and next view
key-escape = Close, go back
key-next_cell = Next cell, next line
key-why_price = Why this price
key-substitutes = Substitutes
key-last_order = From the previous order
key-repeat_line = Repeat the line
key-remove_line = Remove the line
key-move_line = Move the line
key-paste = Paste from Excel

## History
page-history-empty = No changes yet
page-history-was = was
page-history-now = now
page-history-undo = Undo this change
page-history-created = Created
page-history-by_system = System

## Import
page-import = Import a file
page-import-choose = Choose a file or drop it here
page-import-check = Check
page-import-run = Import
page-import-read =
    { $count ->
        [one] { $count } row read
       *[other] { $count } rows read
    }
page-import-created = Created: { $count }
page-import-updated = Updated: { $count }
page-import-skipped = Unchanged: { $count }
page-import-errors = With errors: { $count }
page-import-row = Row { $row }, column “{ $name }”
page-import-nothing_taken = Nothing was taken: mend the errors and repeat
page-import-all_taken = Everything was taken
page-job-running = Running: { $done } of { $total }
page-job-stop = Stop
page-job-continue = You can go on working

## Errors as pages
page-error-400 = The request cannot be read
page-error-401 = Sign in first
page-error-403 = Not allowed
page-error-404 = No such page or record
page-error-409 = Conflict of changes
page-error-413 = Too large
page-error-422 = Not possible
page-error-429 = Too many requests
page-error-500 = Something went wrong
page-error-503 = The system is busy
page-error-safe = Your data were not changed
page-error-event = Event number { $code }
page-error-again = Try again
page-error-home = To the home page
page-error-record = To the record

## Words of the program interface page
page-api = API
page-api-token = Access token
page-api-token_once = Keep the token: it is shown only once

## Parts of documents and the company
page-valid_from = from { $from }
page-valid_to = until { $to }

## General lists, cards and forms
page-list-show_columns = Show
page-list-usual_columns = Usual columns
page-list-view_name = Name of the view
page-list-remove_view = Remove the view
page-list-without = Without “{ $name }”
page-card-last_changes = Latest changes
page-card-record = Record
page-card-known_elsewhere = Known elsewhere as
page-card-in_archive = Archived
page-card-nothing_related = Nothing refers to this yet
page-card-map_hint = One per line: code: value
page-card-tags_hint = Separated by commas
page-card-save_and = Save and { $verb }
page-archived = Archived: { $title }
page-said = { $title }
page-history-changed = Changed
page-history-removed = Removed
page-history-lines = added { $added }, removed { $removed }, changed { $changed }
page-history-by_import = import
page-history-by_job = background job
page-history-by_command = command line
page-history-by_api = program
page-conflict-kept = { $name } saved first. The other fields were joined; choose what to keep and save again
page-sign_in-nobody = There are no users here yet. The code is printed in the server’s log:
page-setup = First administrator
page-setup-text = The code works once. Later people are added in the settings.
page-setup-password_hint = At least 10 characters
page-setup-code = Code from the server’s log
page-setup-button = Create and sign in
page-setup-name = Your name
page-conflict-lines = { $field }: { $name } changed them too. The lines are joined; where both changed the same, yours stands
page-import-hint = The heads are looked for in the first rows of the file. Those that are not known can be mapped here.
page-import-sample = Sample file
page-import-partial = Take the rows without errors even if others have some
page-import-may_be_taken = No errors, ready to import
page-import-would_be_refused = There are errors: as it is, nothing would be taken
page-import-some_refused = Rows with errors were left out
page-import-line = Row
page-import-column = Column
page-import-what = What is wrong
page-import-goes_on = The import goes on; the list fills by and by
page-import-columns = Columns of the file
page-import-head = Column in the file
page-import-sample_value = First value
page-import-goes_to = Goes to
page-import-leave_out = — leave out —
page-import-map_hint = Look over the choice in each row and press Import
page-import-say_columns = Say where each column goes
page-import-constants = Not in the file: one value for every row
page-import-of_lines = lines
