"""Who looks after EFTPOS."""


def keepers(company):
    """The users whom the company names, else its first manager of Point of Sale."""
    managers = company.env.ref("point_of_sale.group_pos_manager").sudo().all_user_ids
    return managers.filtered(
        lambda user: user.active and not user.share and company in user.company_ids
    ).sorted("id")[:1]
