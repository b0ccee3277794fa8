### Import and export of files.
error-number_ambiguous = “{ $value }” can be read in two ways. Write the number without a group separator
error-import_stayed = { $count ->
        [one] { $count } record could not be taken back
       *[other] { $count } records could not be taken back
    }: others rest on them
