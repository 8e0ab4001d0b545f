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
    default, low, high : value at rest and the range that is allowed and sampled.
    off : value that stops the mechanism alone, or None where nothing is stopped.
    group : the mechanism it belongs to (a file of `rules/`).
    source : why this default or range; "prior" where only a guess is possible.
    whole : True where only whole numbers are allowed.
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
) -> Parameter:
    return Parameter(name, symbol, meaning, unit, default, low, high, off, group, source, whole)


TABLE: tuple[Parameter, ...] = (
    # the unity norm, in four parts, and what holds without it
    _p("unity_liability", "u_l",
       "Losing makes liable to sanction, the more so the farther from the line.",
       "chance at full reach", 0.8, 0, 1, 0, "sanctions"),
    _p("liability_reach", "d_0",
       "Distance from the line at which that liability is full.",
       "distance", 0.15, 0.05, 1, None, "sanctions"),
    _p("unity_bandwagon", "u_b",
       "Dissent from the expected majority costs.",
       "weight", 0.8, 0, 1, 0, "voting"),
    _p("unity_recant", "u_r",
       "The beaten come over to the line.",
       "weight", 0.8, 0, 1, 0, "aftermath"),
    _p("unity_force", "u_f",
       "Removal of a threat is a reason to force a vote.",
       "weight", 0.8, 0, 1, 0, "agenda"),
    _p("baseline_liability", "h0",
       "Chance that the beaten are called to account without any norm.",
       "chance", 0.05, 0, 0.5, 0, "sanctions"),
    # traits of members whom the file does not code
    _p("opportunism", "o",
       "Weight of winning over conviction and friendship, where a member has no coding.",
       "weight", 0.5, 0, 1, 0, "members"),
    _p("opportunism_spread", "o_s",
       "Half-width of the members' individual deviations from that level.",
       "weight", 0.2, 0, 0.5, 0, "members"),
    _p("loyalty", "l",
       "Weight of the party line, where a member has no coding.",
       "weight", 0.5, 0, 1, 0, "members"),
    _p("foresight", "f",
       "Chance that a member decides on a person by looking ahead, where he has no coding.",
       "chance", 0.1, 0, 1, 0, "foresight"),
    _p("foresight_depth", "d",
       "How many steps ahead such a member looks.",
       "steps", 2, 1, 16, 1, "foresight", whole=True),
    _p("coder_uncertainty", "cu",
       "Share of the coders' range over which coded traits are sampled.",
       "share", 0, 0, 1, 0, "members", "history/data: +-0.2, +-0.3, +-0.5 by confidence"),
    # the floor
    _p("contest_rate", "r",
       "Chance a month that a member raises a question.",
       "chance a month", 0.5, 0, 1, 0, "agenda",
       "a few open contests a year at the top, 1922-1926"),
    _p("venue", "beta",
       "Weight of the Committee against the heads of the Politburo.",
       "share", 0.5, 0, 1, 0, "voting"),
    _p("majority", "a",
       "Share of the votes that must be exceeded.",
       "share", 0.5, 0.5, 0.95, None, "voting", "simple majority"),
    _p("expulsion_majority", "a_4",
       "Share that must be exceeded for expulsion from the party.",
       "share", 0.6666, 0.5, 0.95, None, "sanctions", "X Congress, point 7: two thirds"),
    _p("opacity", "eps",
       "How far each member's base is under-rated by the others.",
       "share", 0.5, 0, 1, 0, "perception"),
    # appointments
    _p("appointments", "phi",
       "Share of the unaligned Committee that passes to office-holders each month.",
       "share a month", 0.05, 0, 0.2, 0, "appointments"),
    _p("poaching", "kappa",
       "Speed at which others' clients pass, relative to the unaligned.",
       "ratio", 0.5, 0, 1, 0, "appointments"),
    _p("resistance", "res",
       "How strongly those whose base is taken resist by perceived threat.",
       "weight", 1.0, 0, 5, 0, "appointments"),
    _p("turnover", "delta",
       "Share of every base that becomes unaligned each month.",
       "share a month", 0.005, 0, 0.1, 0, "appointments"),
    _p("slate_control", "sigma",
       "Share of new seats at a congress that follow the balance of appointments.",
       "share", 0.6, 0, 1, 0, "appointments"),
    _p("flow_conserved", "",
       "1: an abolished office's appointments pass to the others; 0: nobody gains.",
       "yes or no", 1, 0, 1, None, "appointments", whole=True),
    # aim and platform
    _p("aim_threat", "m_t",
       "Weight of perceived threat in choosing a target.",
       "weight", 6, 0, 20, 0, "agenda"),
    _p("aim_distance", "m_d",
       "Weight of distance in stance, for the less opportunistic.",
       "weight", 2, 0, 10, 0, "agenda"),
    _p("aim_friendship", "m_b",
       "Weight of friendship against aiming, for the less opportunistic.",
       "weight", 2, 0, 10, 0, "agenda"),
    _p("aim_marked", "m_r",
       "Weight, for each rung he stands on, of aiming at a man once sanctioned.",
       "weight", 1, 0, 4, 0, "agenda",
       "the oppositions of 1923-1927 were called to account again and again"),
    _p("aim_noise", "m_e",
       "Scale of chance in choosing a target.",
       "weight", 0.5, 0, 5, 0, "agenda"),
    _p("platform_choice", "",
       "1: the challenger may choose a platform; 0: he keeps his stance.",
       "yes or no", 1, 0, 1, 0, "platform", whole=True),
    _p("switching", "",
       "1: sides may be switched; 0: no friend is aimed at, no platform changed, nobody recants.",
       "yes or no", 1, 0, 1, 0, "agenda", whole=True),
    _p("force_hope", "g_h",
       "Readiness of the opportunist to force a vote that he expects to win.",
       "weight", 4, 0, 5, 0, "agenda"),
    _p("force_threat", "g_t",
       "How far the target's threat adds to it, times unity_force.",
       "weight", 4, 0, 10, 0, "agenda"),
    _p("force_conviction", "g_c",
       "Readiness of the convinced to force a vote on what he cannot accept.",
       "weight", 2, 0, 5, 0, "agenda"),
    # the vote
    _p("conviction", "k_x",
       "Weight of policy distance.",
       "weight", 3, 0, 10, 0, "voting"),
    _p("friendship", "k_b",
       "Weight of bonds.",
       "weight", 2, 0, 5, 0, "voting"),
    _p("friendship_discount", "k_l",
       "How far opportunism discounts friendship.",
       "share", 1, 0, 1, 0, "voting"),
    _p("winning", "k_w",
       "Weight of being with the majority, for the opportunist, without any norm.",
       "weight", 1, 0, 5, 0, "voting"),
    _p("conformity", "k_u",
       "Weight of being with the majority, for the loyal, by the unity norm.",
       "weight", 1, 0, 5, 0, "voting"),
    _p("interaction", "k_ou",
       "Extra weight where opportunism and the norm meet; free sign.",
       "weight", 0, -2, 2, 0, "voting", "to be found, not built in"),
    _p("fear", "k_t",
       "Weight of perceived threat.",
       "weight", 2, 0, 10, 0, "voting"),
    _p("temperature", "T",
       "Scale of chance in a vote; 0 is a sharp threshold.",
       "utility", 0.3, 0, 5, None, "voting"),
    _p("caucus_rounds", "R",
       "Rounds in which members form an expected tally.",
       "rounds", 2, 0, 8, 0, "voting", whole=True),
    # aftermath
    _p("line_speed", "lambda",
       "How far the line moves to the platform that won.",
       "share", 0.4, 0, 1, 0, "aftermath"),
    _p("stake", "eta_p",
       "Share of prestige that passes from the beaten leader to the victor.",
       "share", 0.05, 0, 0.5, 0, "aftermath"),
    _p("bond_speed", "eta_b",
       "How fast bonds follow voting together or apart.",
       "share", 0.12, 0, 0.5, 0, "aftermath"),
    _p("recant_opportunism", "c_o",
       "How far the opportunist comes over after defeat.",
       "share", 0.2, 0, 1, 0, "aftermath"),
    _p("recant_loyalty", "c_l",
       "How far the loyal come over after defeat, times unity_recant.",
       "share", 0.3, 0, 1, 0, "aftermath"),
    # sanctions
    _p("severity", "s",
       "Reluctance to sanction, per rung sought.",
       "utility", 0.1, 0, 2, 0, "sanctions"),
    _p("rung_months", "w",
       "Months that must pass between two rungs for one man.",
       "months", 6, 0, 36, 0, "sanctions",
       "Trotsky: Oct 1923, Jan 1925, Oct 1926, Nov 1927", whole=True),
    _p("gravity", "v",
       "Share of the accused, the gravest cases, for whom two rungs are sought at once.",
       "share", 0.5, 0, 1, 0, "sanctions",
       "Kamenev and Zinoviev were dismissed in 1926 without an earlier censure"),
    _p("signatories", "b",
       "Chance factor that a beaten leader's backers are named with him.",
       "share", 0.5, 0, 1, 0, "sanctions"),
    _p("dismissal_cost", "h",
       "Share of the base lost with dismissal.",
       "share", 0.5, 0, 1, 0, "sanctions"),
    # vacancy
    _p("patronage", "rho",
       "Chance that a vacant seat goes to a client of the winners' strongest appointer.",
       "chance", 0.7, 0, 1, 0, "vacancy"),
    _p("gratitude", "",
       "Least bond of a new client to his patron.",
       "bond", 0.5, 0, 1, 0, "vacancy"),
    _p("newcomer_prestige", "p_0",
       "Prestige of a newcomer.",
       "prestige", 1, 0.1, 5, None, "vacancy"),
    # rule of one
    _p("rule_of_one", "tau",
       "Chance a month that a member above half the power strikes without a vote, times liability.",
       "chance a month", 0.1, 0, 1, 0, "sole_rule"),
    _p("strike_threat", "a_t",
       "Weight of threat in whom he strikes.",
       "weight", 4, 0, 20, 0, "sole_rule"),
    _p("strike_bond", "a_b",
       "Protection by a bond to him.",
       "weight", 0.5, -1, 2, 0, "sole_rule"),
    _p("strike_patronage", "a_p",
       "Weight of having been put in by him; free sign.",
       "weight", 0, -2, 2, 0, "sole_rule"),
    # forms of the world and null models
    _p("proposals", "",
       "0: questions as usual; 1: members propose sub-bodies (the power game).",
       "yes or no", 0, 0, 1, None, "foresight", whole=True),
    _p("coin_votes", "",
       "Null model, 1: every vote is the toss of a coin.",
       "yes or no", 0, 0, 1, 0, "nulls", whole=True),
    _p("random_victims", "",
       "Null model, 1: whoever is sanctioned is drawn by lot.",
       "yes or no", 0, 0, 1, 0, "nulls", whole=True),
)  # fmt: skip

#: The table by name.
PARAMETERS = MappingProxyType({p.name: p for p in TABLE})
#: Place of each parameter in a run's vector.
PLACE = MappingProxyType({p.name: i for i, p in enumerate(TABLE)})
#: A scenario's single word "unity" sets these four.
UNITY = ("unity_liability", "unity_bandwagon", "unity_recant", "unity_force")


def defaults() -> list[float]:
    """The default vector, in the table's order."""
    return [float(p.default) for p in TABLE]
