"""Minor units of currencies (ISO 4217): the unit of every amount that mx51 is sent.

How many decimals a shop displays is a setting that anybody may change any day; how
many minor units make one of a currency is not.
"""

#: Codes by exponent: one of the currency is ``10 ** exponent`` minor units.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD
        BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD
        EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
        MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
        PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
        SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
        YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {
    code: exponent for exponent, codes in _CODES.items() for code in codes.split()
}


def exponent_of(code):
    """How many decimals the minor unit of a currency has; ``None`` where ISO 4217 does
    not know the code: there is nothing to guess about money.

    :param code: three letters, such as ``AUD``
    """
    return _EXPONENTS.get(code)
