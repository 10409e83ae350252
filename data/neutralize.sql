-- A copy of a production database must not reach real terminals.
UPDATE pos_sci_terminal
   SET state = 'unpaired',
       pairing_id = NULL,
       key_id = NULL,
       confirmation_code = NULL,
       api_base_url = NULL,
       signing_secret_part_b = NULL,
       claimed_at = NULL,
       paired_at = NULL,
       lost_at = NULL,
       not_connected_since = NULL,
       paired_database = NULL,
       can_forget = FALSE;
