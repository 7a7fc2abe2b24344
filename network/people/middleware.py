"""What a signed-in person brings along: a time zone, and the duty of a second factor."""


def time_zone(get_response):
    return get_response


def second_factor(get_response):
    return get_response
