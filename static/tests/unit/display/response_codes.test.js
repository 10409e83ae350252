import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {adviceFor} from "@pos_mx51_sci/app/display/response_codes";
import {patchTranslations} from "@web/../tests/web_test_helpers";

beforeEach(() => patchTranslations());

describe("advice for a response code", () => {
    test.tags("desktop");

    for (const [message, advice] of [
        ["(051) DECLINED - INSUFFICIENT FUNDS", /another card/],
        ["(51) DECLINED", /another card/],
        ["(055) DECLINED - INCORRECT PIN", /Wrong PIN/],
        ["(091) DECLINED - ISSUER NOT AVAILABLE", /Try again/],
        ["(058) DECLINED", /call your bank/],
    ]) {
        test(message, () => expect(`${adviceFor(message)}`).toMatch(advice));
    }

    for (const message of [
        "(000) APPROVED",
        "(TRANSACTION_CANCELLED) Transaction timed out",
        "(151) DECLINED",
        "(099) DECLINED",
        "DECLINED (051)",
        "",
        undefined,
    ]) {
        test(`none: ${message}`, () => expect(adviceFor(message)).toBe(""));
    }
});
