// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

import "testing"

// Each case is worked by hand from README, "Exact meaning"; the comment gives the working where there is any.
func TestKinds(t *testing.T) {
	const (
		linear = `scoring: {kind: ratio_linear, numerator: n, denominator: d}`
		bands  = `scoring: {kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: 50, points: 4}, {min_percent: 85, points: 10}, {min_percent: 70, points: 7}]}`
		list   = `scoring: {kind: checklist, items: [{code: a, title: a, points: 3}, {code: 2, title: b, points: 4}, {code: c, title: c, points: 5}]`
		titles = `scoring: {kind: member_titles, member: adult, title_model: citizen, bands: [{min_percent: 60, points: 10}, {min_percent: 0, points: 0}]}`
		status = `scoring: {kind: external_status, status: st, accept: [none], partial: [{value: near, points: 4}]}`
		amount = `scoring: {kind: amount_bands, value: m, per: d, bands: [{min: 50000, points: 10}, {min: 1, points: 1}]}`
		deduct = `scoring: {kind: deduct, value: n, per_case: 2.5}`
	)
	for _, k := range []struct {
		name, max, fields, input, want string // want: points, or "? why", or "refused field key"
	}{
		{"a boolean fact decides alone", "10", `scoring: {kind: boolean, fact: yes}`, `{"facts": {"yes": true}, "scores": {"K": false}}`, "10"},
		{"a false fact gives none", "10", `scoring: {kind: boolean, fact: yes}`, `{"facts": {"yes": false}, "scores": {"K": true}}`, "0"},
		{"a missing fact is not no", "10", `scoring: {kind: boolean, fact: yes}`, `{"scores": {"K": true}}`, "? fact_missing"},
		{"null is the same as missing", "10", `scoring: {kind: boolean, fact: yes}`, `{"facts": {"yes": null}}`, "? fact_missing"},
		{"a ticked boolean", "10", `scoring: {kind: boolean}`, `{"scores": {"K": true}}`, "10"},
		{"a denied boolean", "10", `scoring: {kind: boolean}`, `{"scores": {"K": false}}`, "0"},
		{"an unanswered boolean", "10", `scoring: {kind: boolean}`, `{}`, "? answer_missing"},
		{"a boolean of unknown maximum", "null", `scoring: {kind: boolean}`, `{"scores": {"K": 7.5}}`, "7.5"},

		{"any multiple of the step", "10", `scoring: {kind: scale, step: 0.5, levels: [{points: 5, when: x}]}`, `{"scores": {"K": 7.5}}`, "7.5"},
		{"no step is a hundredth", "10", `scoring: {kind: scale}`, `{"scores": {"K": 9.99}}`, "9.99"},
		{"off the step", "10", `scoring: {kind: scale, step: 0.5}`, `{"scores": {"K": 7.25}}`, "refused scores.K points_off_step"},
		{"three decimals", "10", `scoring: {kind: scale}`, `{"scores": {"K": 7.255}}`, "refused scores.K points_decimals"},
		{"above the maximum", "10", `scoring: {kind: scale, step: 1}`, `{"scores": {"K": 11}}`, "refused scores.K points_above_maximum"},
		{"below zero", "10", `scoring: {kind: scale, step: 1}`, `{"scores": {"K": -1}}`, "refused scores.K points_below_zero"},
		{"no points yet", "10", `scoring: {kind: scale}`, `{"scores": {"K": null}}`, "? score_missing"},
		{"yes is no number of points", "10", `scoring: {kind: scale}`, `{"scores": {"K": true}}`, "refused scores.K want_points"},

		{"ticked items add up", "12", list + `}`, `{"scores": {"K": ["a", "c"]}}`, "8"}, // 3 + 5
		{"a code may be a number", "12", list + `}`, `{"scores": {"K": [2, "c"]}}`, "9"},
		{"an empty list is 0", "12", list + `}`, `{"scores": {"K": []}}`, "0"},
		{"no list is unknown", "12", list + `}`, `{}`, "? ticks_missing"},
		{"computed points stop at the maximum", "10", list + `}`, `{"scores": {"K": ["a", 2, "c"]}}`, "10"}, // 12 of 10
		{"fewer than pick earn 0", "12", list + `, pick: {min: 2}}`, `{"scores": {"K": ["c"]}}`, "0"},
		{"as many as pick", "12", list + `, pick: {min: 2}}`, `{"scores": {"K": ["c", "a"]}}`, "8"},
		{"an unknown item", "12", list + `}`, `{"scores": {"K": ["z"]}}`, "refused scores.K[0] unknown_item"},
		{"an item ticked twice", "12", list + `}`, `{"scores": {"K": ["a", "a"]}}`, "refused scores.K[1] item_twice"},
		{"an item without points", "12", `scoring: {kind: checklist, items: [{code: a, title: a}]}`, `{"scores": {"K": ["a"]}}`, "? number_unknown"},

		{"linear", "10", linear, `{"facts": {"n": 1, "d": 3}}`, "3.33"},                 // 3.333…
		{"linear rounds half up", "10", linear, `{"facts": {"n": 1, "d": 16}}`, "0.63"}, // 0.625
		{"linear below half", "10", linear, `{"facts": {"n": 2, "d": 3}}`, "6.67"},      // 6.666…
		{"full_at reached", "10", linear[:len(linear)-1] + `, full_at: 80}`, `{"facts": {"n": 4, "d": 5}}`, "10"},
		{"below full_at", "10", linear[:len(linear)-1] + `, full_at: 80}`, `{"facts": {"n": 3, "d": 5}}`, "7.5"},     // 60/80
		{"a fine full_at", "10", linear[:len(linear)-1] + `, full_at: 33.5}`, `{"facts": {"n": 1, "d": 4}}`, "7.46"}, // 250/33.5 = 7.4626…
		{"a share above 100 % earns the maximum", "10", linear, `{"facts": {"n": 7, "d": 5}}`, "10"},
		{"null full_at asks a person", "10", linear[:len(linear)-1] + `, full_at: null}`, `{"facts": {"n": 4, "d": 5}}`, "? number_unknown"},
		{"and takes the points", "10", linear[:len(linear)-1] + `, full_at: null}`, `{"facts": {"n": 4, "d": 5}, "scores": {"K": 6.25}}`, "6.25"},
		{"a computed rule ignores a person", "10", linear, `{"facts": {"n": 1, "d": 2}, "scores": {"K": 9}}`, "5"},
		{"but refuses points out of range", "10", linear, `{"facts": {"n": 1, "d": 2}, "scores": {"K": 10.01}}`, "refused scores.K points_above_maximum"},
		{"a missing numerator", "10", linear, `{"facts": {"d": 2}}`, "? fact_missing"},
		{"a missing denominator", "10", linear, `{"facts": {"n": 2}, "scores": {"K": 3}}`, "? fact_missing"},
		{"0 of 0 is undecided", "10", linear, `{"facts": {"n": 0, "d": 0}}`, "? zero_denominator"},
		{"nothing of 0 likewise", "10", linear, `{"facts": {"d": 0}}`, "? zero_denominator"},
		{"until a person records points", "10", linear, `{"facts": {"d": 0}, "scores": {"K": 4.5}}`, "4.5"},
		{"money of a province", "10", `scoring: {kind: ratio_linear, numerator: m, denominator: d}`, `{"facts": {"m": 333333333333333, "d": 1000000000000000}}`, "3.33"},
		{"10^18 of 10^18", "10", linear, `{"facts": {"n": 1000000000000000000, "d": 1000000000000000000}}`, "10"},
		{"10^18 - 1 of 10^18 rounds", "10", linear, `{"facts": {"n": 999999999999999999, "d": 1000000000000000000}}`, "10"},

		{"a band is met by equality", "10", bands, `{"facts": {"n": 17, "d": 20}}`, "10"},   // 85 %
		{"84.99 % is not 85", "10", bands, `{"facts": {"n": 8499, "d": 10000}}`, "7"},       //
		{"the best of the bands reached", "10", bands, `{"facts": {"n": 7, "d": 10}}`, "7"}, // out of order in the file
		{"no band reached is 0", "10", bands, `{"facts": {"n": 49, "d": 100}}`, "0"},        //
		{"over 100 %", "10", bands, `{"facts": {"n": 300, "d": 100}}`, "10"},                //
		{"a null in a band asks a person", "10", `scoring: {kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: 50, points: 4}, {min_percent: null, points: 10}]}`, `{"facts": {"n": 1, "d": 2}}`, "? number_unknown"},
		{"higher band with fewer points", "10", `scoring: {kind: ratio_bands, numerator: n, denominator: d, bands: [{min_percent: 0, points: 8}, {min_percent: 50, points: 2}]}`, `{"facts": {"n": 1, "d": 2}}`, "8"},

		{"a threshold in a set with points: full", "10", `scoring: {kind: ratio_threshold, numerator: n, denominator: d, min_percent: 90}`, `{"facts": {"n": 9, "d": 10}}`, "10"},
		{"or none", "10", `scoring: {kind: ratio_threshold, numerator: n, denominator: d, min_percent: 90}`, `{"facts": {"n": 89, "d": 100}}`, "0"},
		{"null min_percent takes points", "10", `scoring: {kind: ratio_threshold, numerator: n, denominator: d, min_percent: null}`, `{"scores": {"K": 3}}`, "3"},

		{"titles of members", "10", titles, `{"members": {"adult": {"members": 5, "holders": 3}}}`, "10"},
		{"declared facts do not count members", "10", titles, `{"facts": {"n": 5, "d": 5}}`, "? count_missing"},
		{"members alone", "10", titles, `{"members": {"adult": {"members": 5}}}`, "? count_missing"},
		{"a null count is missing", "10", titles, `{"members": {"adult": {"members": 5, "holders": null}}}`, "? count_missing"},
		{"no members", "10", titles, `{"members": {"adult": {"members": 0, "holders": 0}}}`, "? zero_denominator"},
		{"no members, recorded", "10", titles, `{"members": {"adult": {"members": 0}}, "scores": {"K": 2}}`, "2"},
		{"more holders than members", "10", titles, `{"members": {"adult": {"members": 2, "holders": 3}}}`, "refused members.adult more_holders_than_members"},
		{"a typed score is ignored", "10", titles, `{"members": {"adult": {"members": 5, "holders": 2}}, "scores": {"K": 10}}`, "0"},
		{"titles with min_percent in a set with points", "10", `scoring: {kind: member_titles, member: adult, title_model: citizen, min_percent: 40}`, `{"members": {"adult": {"members": 5, "holders": 2}}}`, "10"},

		{"a count in a band", "5", `scoring: {kind: count_bands, value: n, bands: [{min: 5, points: 5}, {min: 2, points: 3}, {min: 0, points: 0}]}`, `{"facts": {"n": 4}}`, "3"},
		{"a count at the limit", "5", `scoring: {kind: count_bands, value: n, bands: [{min: 5, points: 5}, {min: 2.5, points: 3}]}`, `{"facts": {"n": 5}}`, "5"},
		{"a count below all", "5", `scoring: {kind: count_bands, value: n, bands: [{min: 5, points: 5}, {min: 2.5, points: 3}]}`, `{"facts": {"n": 2}}`, "0"},
		{"a count missing", "5", `scoring: {kind: count_bands, value: n, bands: [{min: 5, points: 5}]}`, `{}`, "? fact_missing"},

		{"an amount per household", "10", amount, `{"facts": {"m": 1000000, "d": 20}}`, "10"},      // 50,000 each
		{"one dong short", "10", amount, `{"facts": {"m": 999999, "d": 20}}`, "1"},                 // 49,999.95, compared unrounded
		{"per 0 asks a person", "10", amount, `{"facts": {"m": 5, "d": 0}}`, "? zero_denominator"}, //
		{"per 0, recorded", "10", amount, `{"facts": {"d": 0}, "scores": {"K": 1}}`, "1"},          //
		{"per missing", "10", amount, `{"facts": {"m": 5}}`, "? fact_missing"},                     //
		{"10^15 dong", "10", amount, `{"facts": {"m": 1000000000000000, "d": 20000000000}}`, "10"}, // 50,000 each
		{"a whole amount", "10", `scoring: {kind: amount_bands, value: m, bands: [{min: 1000000000000000, points: 10}]}`, `{"facts": {"m": 999999999999999}}`, "0"},

		{"an accepted status", "10", status, `{"facts": {"st": "none"}}`, "10"},
		{"a partial status", "10", status, `{"facts": {"st": "near"}}`, "4"},
		{"any other status is 0", "10", status, `{"facts": {"st": "poor"}}`, "0"},
		{"no status", "10", status, `{"scores": {"K": 10}}`, "? fact_missing"},
		{"a status outside the list", "10", status, `{"facts": {"st": "rich"}}`, "refused facts.st want_word"},
		{"a boolean status", "10", `scoring: {kind: external_status, status: yes, accept: [true]}`, `{"facts": {"yes": false}}`, "0"},
		{"a text status", "10", `scoring: {kind: external_status, status: tx, accept: ["Tốt"]}`, `{"facts": {"tx": "Tốt"}}`, "10"},
		{"a status typed in decomposed letters", "10", `scoring: {kind: external_status, status: tx, accept: ["Tốt"]}`, `{"facts": {"tx": "To\u0302\u0301t"}}`, "10"},
		{"a number status", "10", `scoring: {kind: external_status, status: n, accept: [2, 3]}`, `{"facts": {"n": 3}}`, "10"},

		{"manual up to the maximum", "10", `scoring: {kind: manual}`, `{"scores": {"K": 9.99}}`, "9.99"},
		{"manual above it", "10", `scoring: {kind: manual}`, `{"scores": {"K": 10.01}}`, "refused scores.K points_above_maximum"},
		{"manual missing", "10", `scoring: {kind: manual}`, `{}`, "? score_missing"},
		{"manual without a maximum", "null", `scoring: {kind: manual}`, `{"scores": {"K": 44}}`, "44"},
		{"total only cannot be scored", "10", `scoring: {kind: total_only}`, `{"scores": {"K": 5}}`, "? only_paper"},

		{"nothing to deduct", "10", deduct, `{"facts": {"n": 0}}`, "10"},
		{"less for each case", "10", deduct, `{"facts": {"n": 3}}`, "2.5"}, // 10 - 7.5
		{"never below 0", "10", deduct, `{"facts": {"n": 5}}`, "0"},
		{"a great many cases", "10", deduct, `{"facts": {"n": 1000000000000000000}}`, "0"},
		{"cases not counted", "10", deduct, `{}`, "? fact_missing"},
		{"deduct from an unknown maximum", "null", deduct, `{"facts": {"n": 1}, "scores": {"K": 3}}`, "3"},

		{"a fact below 0", "10", linear, `{"facts": {"n": -1}}`, "refused facts.n want_not_negative"},
		{"a broken number", "10", linear, `{"facts": {"n": 1.5}}`, "refused facts.n want_whole"},
		{"a number in quotes", "10", linear, `{"facts": {"n": "1"}}`, "refused facts.n want_whole"},
		{"1 is not true", "10", linear, `{"facts": {"yes": 1}}`, "refused facts.yes want_boolean"},
		{"an undeclared fact", "10", linear, `{"facts": {"zz": null}}`, "refused facts.zz unknown_fact"},
		{"an unknown criterion", "10", linear, `{"scores": {"ZZ": 1}}`, "refused scores.ZZ unknown_criterion"},
		{"an unknown gate", "10", linear, `{"gates": {"ZZ": true}}`, "refused gates.ZZ unknown_gate"},
		{"an unknown member", "10", linear, `{"members": {"clan": {}}}`, "refused members.clan unknown_member"},
		{"an unknown level", "10", linear, `{"titles": [{"level": "9"}]}`, "refused titles[0].level unknown_level"},
		{"an unknown region", "10", linear, `{"region": "coast"}`, "refused region unknown_region"},
		{"a year before the set", "10", linear, `{"year": 2019}`, "refused year year_outside"},
		{"a year after the set", "10", linear, `{"year": 2031}`, "refused year year_outside"},
		{"no year", "10", linear, `{"year": null}`, "refused year year_outside"},
		{"a key given twice", "10", linear, `{"facts": {"n": 1, "n": 2}}`, "refused facts.n duplicate_key"},
		{"an unknown part", "10", linear, `{"fact": {"n": 1}}`, "refused fact unknown_field"},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := try(t, compileText(t, oneCriterion(k.max, k.fields)), k.input)
			got := ""
			switch {
			case r.Outcome == Refused:
				got = "refused " + refusalKeys(&r)
			case r.Criteria[0].State == StateUnknown:
				got = "? " + r.Criteria[0].Why.String()
				if r.Outcome != Undecided || r.HasTotal || r.Groups[0].Known {
					t.Errorf("unknown counted: outcome %v, total known %v", r.Outcome, r.HasTotal)
				}
			default:
				got = r.Criteria[0].Points.Text()
				if !r.HasTotal || r.Total != r.Criteria[0].Points {
					t.Errorf("total %v of %v", r.Total, r.Criteria[0].Points)
				}
			}
			if got != k.want {
				t.Errorf("got %s, want %s", got, k.want)
			}
		})
	}
}
