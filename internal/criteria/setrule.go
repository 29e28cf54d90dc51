// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// Kind is how a criterion is scored.
type Kind string

// The kinds of data/criteria/README.md, and Deduct, which is our own.
const (
	Boolean        Kind = "boolean"
	Scale          Kind = "scale"
	Checklist      Kind = "checklist"
	RatioLinear    Kind = "ratio_linear"
	RatioBands     Kind = "ratio_bands"
	RatioThreshold Kind = "ratio_threshold"
	MemberTitles   Kind = "member_titles"
	CountBands     Kind = "count_bands"
	AmountBands    Kind = "amount_bands"
	ExternalStatus Kind = "external_status"
	Include        Kind = "include"
	Manual         Kind = "manual"
	TotalOnly      Kind = "total_only"
	Deduct         Kind = "deduct"
)

// Member is the sort of member whose titles count for a higher model.
type Member string

// The member kinds.
const (
	MemberAdult     Member = "adult"
	MemberFamily    Member = "family"
	MemberClan      Member = "clan"
	MemberCommunity Member = "community"
	MemberOfUnit    Member = "unit_member"
	MemberLearner   Member = "learner"
	MemberUnit      Member = "unit"
)

// Scoring is the rule of a criterion; which fields mean something depends on Kind.
type Scoring struct {
	Kind        Kind
	Fact        string       // boolean: the fact that decides, or "" when a person ticks
	Step        Num          // scale; 0.01 when the file gives none
	Guide       []ScaleLevel // scale: guidance, not the only values
	Items       []Item       // checklist, at most 64
	PickMin     int          // checklist: fewer ticks earn 0; 0 = no pick
	Numerator   string       // ratio_*
	Denominator string       // ratio_*
	FullAt      Num          // ratio_linear: percent that earns the maximum; unknown when null
	Bands       []Band       // ratio_bands, member_titles, count_bands, amount_bands
	MinPercent  Num          // ratio_threshold, member_titles without bands; unknown when null
	Member      Member       // member_titles
	TitleModel  Model        // member_titles
	Floors      []Floor      // member_titles: min_percent_by_year
	Value       string       // count_bands, amount_bands, deduct
	Per         string       // amount_bands: the divisor, or ""
	PerCase     Num          // deduct
	Status      string       // external_status: the fact
	Accept      []Literal    // external_status
	Partial     []Partial    // external_status
	FromSet     string       // include
	FromGroup   string       // include
	Note        string
	Verified    Verified
}

// ScaleLevel is a hint for the reviewer: so many points when that is seen.
type ScaleLevel struct {
	Points   Num
	When     string
	Note     string
	Verified Verified
}

// Item is one line of a checklist.
type Item struct {
	Code, Title string
	Points      Num
	Note        string
	Verified    Verified
}

// Band gives Points from Min (a percent, a count or an amount) up.
type Band struct {
	Min      Num
	Points   Num
	Note     string
	Verified Verified
}

// Floor is a share below which recognition is blocked in some years.
type Floor struct {
	Years      Years
	MinPercent Num
	Note       string
	Verified   Verified
}

// Partial gives Points for a status that is not quite accepted.
type Partial struct {
	Value    Literal
	Points   Num
	Note     string
	Verified Verified
}

// Method is how the outcome follows from points or indicators.
type Method string

// The methods.
const (
	ByPoints         Method = "points"
	ByClassification Method = "classification"
	ByIndicators     Method = "all_indicators"
	ByResultOnly     Method = "result_only"
)

// Region is the region kind of the place a subject lives in. "" = not told.
type Region string

// The region kinds. A place that is both mountainous and especially difficult is especially difficult.
const (
	RegionDefault             Region = "default"
	RegionMountainous         Region = "mountainous"
	RegionEspeciallyDifficult Region = "especially_difficult"
)

// Recognition is how a set decides.
type Recognition struct {
	Method          Method
	Thresholds      []Threshold
	Classes         []Class
	MinPerCriterion Minimum
	MinPerGroup     Minimum
	Gates           []Gate
	ValidityMonths  int // 0 = not given
	Levels          []Level
	Exemplary       Exemplary
	MayAdapt        bool // the issuer lets a province adapt the set
	Note            string
	Verified        Verified
}

// Threshold is the total needed in a region.
type Threshold struct {
	Region   Region
	MinTotal Num
	Note     string
	Verified Verified
}

// Class is a range of totals with a name.
type Class struct {
	Code, Title string
	MinTotal    Num
	Recognised  bool // false: being in it is no recognition
	Note        string
	Verified    Verified
}

// Minimum is a lower limit for each criterion or group, in points or in percent of its maximum.
type Minimum struct {
	Given    bool
	Percent  bool
	Value    Num // unknown when null
	Note     string
	Verified Verified
}

// Gate (điều kiện bắt buộc) blocks recognition when it fails, whatever the total.
type Gate struct {
	Code, Title string
	Rule        string // "" when a person answers
	Note        string
	Verified    Verified

	path string
}

// Level is a degree of a title, nested in file order.
type Level struct {
	Code, Title string
	Requires    *Requirement
	Overrides   []Override
	Note        string
	Verified    Verified

	path string
}

// Requirement is the waiting time before a level: a title of Level or higher, held so many months.
type Requirement struct {
	Level  string
	Months int
}

// Override changes parameters of the criteria it names at its level; with a note alone the number is
// unknown and a person answers.
type Override struct {
	Criterion string // a code, the code of an include line, or "x.*"
	Note      string
	Verified  Verified

	set  *node // nil when only a note is given
	path string
}

// Exemplary names the bodies that choose exemplary subjects; it changes no result.
type Exemplary struct {
	Annual, FiveYearly, Note string
	Verified                 Verified
}

// Process tells who does what by when; it changes no result.
type Process struct {
	Steps      []Step
	DataPeriod string
	Frequency  string
	Dossier    []string
	Note       string
	Verified   Verified
}

// Step is one act of the process.
type Step struct {
	Order                         int
	Actor, Action, Deadline, Note string
	Verified                      Verified
}
