"""The invariants that span two versions of a row, held by PostgreSQL
(``docs/ledger.md`` "Invariants").

What was asked for never changes, a final answer never changes, versions never
decrease, ``sending`` never becomes ``draft``, an override happens once and says of a
final answer only that the money moved after all, nothing is deleted.
"""

from .states import FINAL_STATUSES, NOT_CHARGED, sql_list

TRIGGER = f"""
CREATE OR REPLACE FUNCTION pos_sci_transaction_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A row of the payment ledger is never deleted';
    END IF;
    IF (NEW.payment_uuid, NEW.attempt, NEW.order_uuid, NEW.kind, NEW.amounts,
        NEW.terminal_id, NEW.pairing_id, NEW.company_id, NEW.currency_id,
        NEW.original_id, NEW.exponent)
       IS DISTINCT FROM
       (OLD.payment_uuid, OLD.attempt, OLD.order_uuid, OLD.kind, OLD.amounts,
        OLD.terminal_id, OLD.pairing_id, OLD.company_id, OLD.currency_id,
        OLD.original_id, OLD.exponent)
       OR (OLD.sci_id IS NOT NULL AND NEW.sci_id IS DISTINCT FROM OLD.sci_id) THEN
        RAISE EXCEPTION 'What was asked for never changes';
    END IF;
    IF NEW.version < OLD.version THEN
        RAISE EXCEPTION 'A version never decreases';
    END IF;
    IF OLD.status IN {sql_list(FINAL_STATUSES)}
       AND (NEW.status, NEW.financial_status, NEW.version, NEW.result_amounts)
       IS DISTINCT FROM
       (OLD.status, OLD.financial_status, OLD.version, OLD.result_amounts) THEN
        RAISE EXCEPTION 'A final answer never changes';
    END IF;
    IF NEW.status = 'draft' AND OLD.status <> 'draft'
       OR NEW.status = 'sending' AND OLD.status NOT IN ('draft', 'sending') THEN
        RAISE EXCEPTION 'A request that has left cannot be taken back';
    END IF;
    IF OLD.override_outcome IS NOT NULL
       AND (NEW.override_outcome, NEW.override_user_id, NEW.override_at,
            NEW.override_reason)
       IS DISTINCT FROM
       (OLD.override_outcome, OLD.override_user_id, OLD.override_at,
        OLD.override_reason) THEN
        RAISE EXCEPTION 'An override happens once';
    END IF;
    IF OLD.override_outcome IS NULL AND NEW.override_outcome IS NOT NULL
       AND OLD.status IN {sql_list(FINAL_STATUSES)}
       AND OLD.financial_status IS DISTINCT FROM 'UNKNOWN'
       AND NOT coalesce(
           NEW.override_outcome = 'yes'
           AND OLD.financial_status IN {sql_list(NOT_CHARGED)}, FALSE) THEN
        RAISE EXCEPTION 'A final answer may be contradicted with Yes only';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER pos_sci_transaction_guard
    BEFORE UPDATE OR DELETE ON pos_sci_transaction
    FOR EACH ROW EXECUTE FUNCTION pos_sci_transaction_guard();
"""

#: For rows from before the column ``exponent``.
OLD_EXPONENTS = """
UPDATE pos_sci_transaction row
   SET exponent = CASE WHEN amount <> 0 AND total.minor <> 0
                       THEN round(log(abs(total.minor) / abs(amount)))
                       ELSE 2 END
  FROM (SELECT id, sum(CASE name WHEN 'refund_amount' THEN -minor::numeric
                                 ELSE minor::numeric END) AS minor
          FROM pos_sci_transaction
          LEFT JOIN LATERAL jsonb_each_text(amounts) AS asked(name, minor) ON TRUE
         GROUP BY id) total
 WHERE row.id = total.id AND row.exponent IS NULL
"""
