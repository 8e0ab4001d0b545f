"""The one typed table of all parameters.

Scenario files, command-line help, sliders, docs and sampling bounds are read from here;
the rules read a parameter by its place in the table. Imports nothing heavy, so that
``--help`` stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Parameter:
    """One number that the rules read.

    Attributes
    ----------
    name : word used in files, on the command line and in tables.
    symbol : letter in the formulas of the docs.
    meaning : one sentence.
    unit : what a 1 means.
    default, low, high : value at rest and the range that is allowed.
    off : value that stops the mechanism alone, or None where nothing is stopped.
    group : the mechanism it belongs to (a file of `rules/`).
    source : why this default or range; "prior" where only a guess is possible.
    whole : True where only whole numbers are allowed.
    prior : range over which it is sampled, uniformly; None where it is part of the world's form.
    """

    name: str
    symbol: str
    meaning: str
    unit: str
    default: float
    low: float
    high: float
    off: float | None
    group: str
    source: str
    whole: bool = False
    prior: tuple[float, float] | None = None

    @property
    def prior_spread(self) -> float:
        """Standard deviation of the prior: n / sqrt(12) of a uniform one of width n; nan if none.

        Of n + 1 whole numbers, each as likely as another: sqrt(((n + 1)^2 - 1) / 12).
        """
        if self.prior is None:
            return float("nan")
        width = self.prior[1] - self.prior[0]
        square = (width + 1.0) ** 2 - 1.0 if self.whole else width * width
        return float((square / 12.0) ** 0.5)


def _p(
    name: str,
    symbol: str,
    meaning: str,
    unit: str,
    default: float,
    low: float,
    high: float,
    off: float | None,
    group: str,
    source: str = "prior",
    whole: bool = False,
    prior: tuple[float, float] | None = None,
) -> Parameter:
    return Parameter(
        name, symbol, meaning, unit, default, low, high, off, group, source, whole, prior
    )


TABLE: tuple[Parameter, ...] = (
    # the unity norm, in two parts, and what holds without it
    _p("unity_liability", "u_l",
       "Losing makes liable to sanction, the more so the farther from the line.",
       "chance at full reach", 0.65, 0, 1, 0, "divisions", prior=(0.3, 0.95)),
    _p("liability_reach", "d_0",
       "Distance from the line at which that liability is full.",
       "distance", 0.25, 0.05, 1, None, "divisions", prior=(0.05, 0.5)),
    _p("unity_bandwagon", "u_b",
       "Dissent from the expected majority costs the loyal.",
       "weight", 0.6, 0, 1, 0, "value", prior=(0.3, 0.9)),
    _p("baseline_liability", "h0",
       "Chance that the beaten are liable without any norm.",
       "chance", 0.1, 0, 0.5, 0, "divisions", prior=(0, 0.2)),
    # traits of members whom the file does not code
    _p("opportunism", "o",
       "Weight of own power and safety over conviction and friendship, where not coded.",
       "weight", 0.5, 0, 1, 0, "members", prior=(0, 1)),
    _p("opportunism_spread", "o_s",
       "Half-width of the members' individual deviations from that level.",
       "weight", 0.2, 0, 0.5, 0, "members", prior=(0.1, 0.35)),
    _p("loyalty", "l",
       "Weight of the party line, where a member has no coding.",
       "weight", 0.5, 0, 1, 0, "members", prior=(0.25, 0.75)),
    _p("foresight", "f",
       "Chance that a member decides on a person by looking ahead, where he has no coding.",
       "chance", 0.1, 0, 1, 0, "foresight", prior=(0, 0.2)),
    _p("foresight_depth", "d",
       "How many steps ahead such a member looks.",
       "steps", 2, 1, 16, 1, "foresight", whole=True, prior=(1, 3)),
    _p("coder_uncertainty", "cu",
       "Share of the coders' range over which coded traits are sampled.",
       "share", 0, 0, 1, 0, "members", "history/data: +-0.2, +-0.3, +-0.5 by confidence"),
    # the floor
    _p("venue", "beta",
       "Weight of the Committee against the heads of the Politburo.",
       "share", 0.5, 0, 1, 0, "voting", prior=(0.25, 0.75)),
    _p("majority", "a",
       "Share of the votes that must be exceeded.",
       "share", 0.5, 0.5, 0.95, None, "voting", "simple majority"),
    _p("expulsion_majority", "a_4",
       "Share that must be exceeded for expulsion from the party.",
       "share", 0.6666, 0.5, 0.95, None, "sanctions", "X Congress, point 7: two thirds"),
    _p("opacity", "eps",
       "How far each member's base is under-rated by the others.",
       "share", 0.5, 0, 1, 0, "perception", prior=(0, 1)),
    # appointments
    _p("appointments", "phi",
       "Share of the unaligned Committee that passes to office-holders each month.",
       "share a month", 0.05, 0, 0.2, 0, "appointments", prior=(0, 0.1)),
    _p("poaching", "kappa_p",
       "Speed at which others' clients pass, relative to the unaligned.",
       "ratio", 0.5, 0, 1, 0, "appointments", prior=(0.25, 0.75)),
    _p("resistance", "res",
       "How strongly those whose base is taken resist by perceived threat.",
       "weight", 1.0, 0, 5, 0, "appointments", prior=(0.5, 3)),
    _p("turnover", "delta",
       "Share of every base that becomes unaligned each month.",
       "share a month", 0.01, 0, 0.1, 0, "appointments", prior=(0.0025, 0.05)),
    _p("slate_control", "sigma",
       "Share of new seats at a congress that follow the balance of appointments.",
       "share", 0.6, 0, 1, 0, "appointments", prior=(0.3, 0.8)),
    _p("flow_conserved", "",
       "1: an abolished office's appointments pass to the others; 0: nobody gains.",
       "yes or no", 1, 0, 1, None, "appointments", whole=True),
    # the one value
    _p("conviction", "k_x",
       "Weight of policy distance, for the convinced.",
       "utility", 3, 0, 10, 0, "value", prior=(1, 6)),
    _p("friendship", "k_b",
       "Weight of bonds, for the convinced.",
       "utility", 2, 0, 5, 0, "value", prior=(0.5, 3.5)),
    _p("interest", "k_o",
       "Weight of own power, for the opportunist.",
       "utility", 120, 0, 300, 0, "value",
       "prior; 35 to 240 makes interest as large as conviction over the prior", prior=(35, 240)),
    _p("conformity", "k_u",
       "Weight of being with the majority, for the loyal, times unity_bandwagon.",
       "utility", 1.5, 0, 5, 0, "value", prior=(0.5, 3)),
    _p("balance", "k_bal",
       "How much the fall of a man is feared or hoped for by what it adds to the strongest.",
       "per unit of power", 3, 0, 10, 0, "value", prior=(0, 6)),
    _p("danger", "k_dng",
       "How much an attack is worth by what it adds to the attacker's chance to stay.",
       "per unit of power", 3, 0, 10, 0, "value", prior=(0, 6)),
    _p("favour", "k_f",
       "Weight of the favour of one's patron.",
       "per unit of power", 0.25, 0, 1, 0, "value", prior=(0, 0.5)),
    _p("openness", "open",
       "How much those who only vote with the victors share in the spoils.",
       "share", 0.5, 0, 1, 0, "value", prior=(0, 1)),
    _p("certainty", "kappa",
       "How steeply the chance to win follows the expected tally.",
       "per share", 6, 0, 20, 0, "value", prior=(2, 10)),
    _p("temperature", "T",
       "Scale of chance in every decision; 0 is a sharp threshold.",
       "utility", 0.5, 0, 5, None, "value", prior=(0.1, 1)),
    _p("effort", "theta",
       "Cost of doing anything beyond voting.",
       "utility", 0.75, 0, 3, 0, "value", prior=(0, 1.5)),
    _p("caucus_rounds", "R",
       "Rounds in which members form an expected tally.",
       "rounds", 2, 0, 8, 0, "voting", whole=True, prior=(1, 3)),
    # coalitions
    _p("blocs", "",
       "1: coalitions are formed; 0: one man against one man.",
       "yes or no", 1, 0, 1, 0, "coalitions", whole=True),
    _p("organising", "org",
       "Chance a month that a head sets out to organise.",
       "chance a month", 0.2, 0, 1, 0, "coalitions",
       "a few attempts a year at the top, 1922-1926", prior=(0.02, 0.4)),
    _p("margin", "m",
       "By how much an organiser wants more than a half before he stops inviting.",
       "share", 0.05, 0, 0.3, 0, "coalitions", prior=(0, 0.15)),
    _p("reconsidering", "rc",
       "Chance a month that a member of a coalition thinks it over.",
       "chance a month", 0.15, 0, 1, 0, "coalitions", prior=(0.05, 0.3)),
    _p("stickiness", "stick",
       "Cost of leaving or changing a coalition, of turning it on somebody else, of a new patron.",
       "utility", 0.5, 0, 3, 0, "coalitions", prior=(0, 1)),
    _p("term", "tau_c",
       "Months in which a member may leave his coalition, but not turn on it or cross to a rival.",
       "months", 3, 0, 24, 0, "coalitions", whole=True, prior=(0, 6)),
    _p("idleness", "",
       "Chance a month that a coalition without a purpose ends.",
       "chance a month", 0.2, 0, 1, 0, "coalitions", prior=(0.1, 0.4)),
    _p("switching", "",
       "1: sides may be switched; 0: nobody turns on or enters against one with whom he stood.",
       "yes or no", 1, 0, 1, 0, "coalitions", whole=True),
    # policies
    _p("policies", "",
       "1: the agenda puts its dated questions; 0: it is empty.",
       "yes or no", 1, 0, 1, 0, "divisions", whole=True),
    _p("pressing", "prs",
       "Chance a month that a coalition forces a question of its own.",
       "chance a month", 0.2, 0, 1, 0, "divisions", prior=(0.02, 0.4)),
    _p("borrowing", "",
       "1: the policies of the sanctioned may be taken up; 0: only the question's alternatives.",
       "yes or no", 1, 0, 1, 0, "divisions", whole=True),
    _p("line_speed", "lambda",
       "How far the line moves to the policy that won.",
       "share", 0.65, 0, 1, 0, "divisions", prior=(0.3, 1)),
    _p("stake", "eta_p",
       "Share of prestige that passes from the beaten leader to the victor.",
       "share", 0.12, 0, 0.5, 0, "divisions", prior=(0.02, 0.25)),
    _p("bond_speed", "eta_b",
       "How fast bonds follow voting together or apart in a close vote.",
       "share", 0.1, 0, 0.5, 0, "divisions", prior=(0.02, 0.2)),
    _p("agenda_bonds", "",
       "How far bonds follow votes on the agenda's questions; those that a coalition forces: 1.",
       "share", 1, 0, 1, None, "divisions", "docs/decisions/0011-agenda-bonds.md"),
    _p("signatories", "b",
       "Chance factor that those who stood with a beaten leader are named with him.",
       "share", 0.5, 0, 1, 0, "divisions", prior=(0, 1)),
    _p("recanting", "rec",
       "Chance that one of the beaten is asked to recant.",
       "chance", 0.25, 0, 1, 0, "divisions", prior=(0, 0.5)),
    # sanctions
    _p("plenum_months", "",
       "Months between the sessions at which sanctions can be asked for.",
       "months", 3, 1, 12, None, "sanctions", "plenums of the Committee, 1922-1927", whole=True),
    _p("severity", "s",
       "Reluctance of the convinced to sanction, per rung sought.",
       "utility", 0.5, 0, 2, 0, "sanctions", prior=(0, 1)),
    _p("rung_months", "w",
       "Months that must pass between two rungs for one man.",
       "months", 8, 0, 36, 0, "sanctions",
       "Trotsky: Oct 1923, Jan 1925, Oct 1926, Nov 1927", whole=True, prior=(2, 14)),
    _p("slates", "",
       "Chance that all who were named in one defeat are struck by one motion.",
       "chance", 0.5, 0, 1, 0, "sanctions", prior=(0, 1)),
    _p("second_house", "",
       "Chance that the condemned can take his case to the Committee.",
       "chance", 0.25, 0, 1, 0, "sanctions", "June 1957", prior=(0, 0.5)),
    _p("demotion", "dem",
       "Chance that who is dismissed by the first plenum after a congress is not elected again.",
       "chance", 0.5, 0, 1, 0, "sanctions", "January 1926, after the XIV Congress", prior=(0, 1)),
    _p("floor", "fl",
       "Chance that one who has been removed has the floor of the Committee after a division.",
       "chance", 0.5, 0, 1, 0, "sanctions", "plenums of 1926 and 1927", prior=(0, 1)),
    _p("dismissal_cost", "h",
       "Share of the base lost with dismissal.",
       "share", 0.5, 0, 1, 0, "sanctions", prior=(0.25, 0.75)),
    _p("grudge", "",
       "How far the sanctioned resent those who voted for it.",
       "bond", 0.15, 0, 1, 0, "sanctions", prior=(0, 0.3)),
    # patrons, seats and offices
    _p("attachment", "seek",
       "Chance a month that a man without posts to give looks for a patron.",
       "chance a month", 0.02, 0, 0.2, 0, "patrons", prior=(0, 0.04)),
    _p("gap", "",
       "A man attaches himself only to one whose power, times this, is above his own.",
       "share", 0.4, 0, 1, 0, "patrons", prior=(0.2, 0.6)),
    _p("alternative", "alt",
       "How much another patron counts for a man who has one.",
       "share", 0.5, 0, 1, 0, "patrons", prior=(0, 1)),
    _p("following", "",
       "How far a client takes over the views of his patron.",
       "share", 0.5, 0, 1, 0, "patrons", prior=(0, 1)),
    _p("patronage", "rho",
       "Chance that a vacant seat is filled by the winners' strongest appointer.",
       "chance", 0.5, 0, 1, 0, "vacancy", prior=(0.2, 0.85)),
    _p("gratitude", "",
       "Least bond of a man who is put into a seat to his patron.",
       "bond", 0.5, 0, 1, 0, "vacancy", prior=(0.25, 0.75)),
    _p("newcomer_prestige", "p_0",
       "Prestige of a newcomer.",
       "prestige", 1, 0.1, 5, None, "vacancy", prior=(0.5, 2)),
    # rule of one
    _p("rule_of_one", "tau",
       "Chance a month that a member above half the power strikes without a vote, times liability.",
       "chance a month", 0.1, 0, 1, 0, "sole_rule", prior=(0.02, 0.4)),
    _p("restraint", "a_0",
       "How much the ruler would rather strike nobody.",
       "utility", 2, 0, 10, 0, "sole_rule", prior=(0, 4)),
    # forms of the world and null models
    _p("proposals", "",
       "0: questions as usual; 1: members propose sub-bodies (the power game).",
       "yes or no", 0, 0, 1, None, "foresight", whole=True),
    _p("coin_votes", "",
       "Null model, 1: every vote but the leaders' and the accused's is the toss of a coin.",
       "yes or no", 0, 0, 1, 0, "nulls", whole=True),
    _p("coin_joins", "",
       "Null model, 1: every other decision is one too.",
       "yes or no", 0, 0, 1, 0, "nulls", whole=True),
    _p("random_victims", "",
       "Null model, 1: whoever is sanctioned is drawn by lot.",
       "yes or no", 0, 0, 1, 0, "nulls", whole=True),
)  # fmt: skip

#: The table by name.
PARAMETERS = MappingProxyType({p.name: p for p in TABLE})
#: Place of each parameter in a run's vector.
PLACE = MappingProxyType({p.name: i for i, p in enumerate(TABLE)})
#: A scenario's single word "unity" sets these.
UNITY = ("unity_liability", "unity_bandwagon")


def defaults() -> list[float]:
    """The default vector, in the table's order."""
    return [float(p.default) for p in TABLE]
