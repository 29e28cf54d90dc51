// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package criteria

// EvidenceMissing lists the codes of criteria that need evidence before the file may be submitted and have
// none; counts gives how many pieces each criterion code has. A criterion that does not apply needs none. It
// never looks at or changes points beyond asking whether they reach from_points.
func (c *Compiled) EvidenceMissing(res *Result, counts map[string]int) []string {
	var missing []string
	if res.FromPaper || res.Outcome == Refused {
		return nil
	}
	for i, k := range c.Criteria {
		if counts[k.Code] == 0 && k.EvidenceRequired.needed(&res.Criteria[i]) {
			missing = append(missing, k.Code)
		}
	}
	return missing
}

// Given reports whether the criterion ever needs evidence.
func (e EvidenceRule) Given() bool { return e.Always || e.FromPoints.Known() }

func (e EvidenceRule) needed(k *CriterionResult) bool {
	switch {
	case k.State != StateScored && k.State != StateUnknown:
		return false
	case e.Always:
		return true
	case !e.FromPoints.Known() || k.State == StateUnknown:
		return false
	}
	return cmpProducts(int64(k.Points), e.FromPoints.D, e.FromPoints.N, 100) >= 0
}
