// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
)

// Role is what an account is at a place.
type Role string

// The roles. A role holds at its place and everywhere below it.
const (
	Admin           Role = "admin"            // accounts and settings; sees and changes no assessment
	ProvinceOfficer Role = "province_officer" // criteria, rounds, figures of the province
	CommuneOfficer  Role = "commune_officer"  // registry, appraisal, approval, decisions of a commune
	Reviewer        Role = "reviewer"         // appraises and returns, does not approve
	AreaVolunteer   Role = "area_volunteer"   // registers, scores and sends the households of an area
	Viewer          Role = "viewer"           // reads figures and lists
	system          Role = "system"
)

// Roles lists the roles a person can be given, highest first.
var Roles = []Role{Admin, ProvinceOfficer, CommuneOfficer, Reviewer, AreaVolunteer, Viewer}

// Act is something the policy decides on. One act, one word, used by every read and write.
type Act string

// The acts.
const (
	SeeFigures     Act = "see_figures"     // aggregates of a place
	SeeRecords     Act = "see_records"     // names, sheets, evidence
	EditRegistry   Act = "edit_registry"   // subjects: add, change, move, merge, import
	EditPlaces     Act = "edit_places"     // residential areas of a commune
	Register       Act = "register"        // registration for a title
	Score          Act = "score"           // self and area sheets, evidence, minutes, sending
	Appraise       Act = "appraise"        // the commune's scores, holding, returning
	Approve        Act = "approve"         // closing a file as passed or not passed
	Decide         Act = "decide"          // proposals, decisions, certificates, revocation
	Inspect        Act = "inspect"         // random re-check
	ManageRounds   Act = "manage_rounds"   // rounds, extensions, closing and reopening
	ManageCriteria Act = "manage_criteria" // drafting and publishing criteria sets
	ManageAccounts Act = "manage_accounts"
	SeeReports     Act = "see_reports"     // reports of a place and where they stand
	Report         Act = "report"          // writing and submitting the report of a commune
	RuleReports    Act = "rule_reports"    // opening periods, accepting and returning; the province's own report
	HandleRequests Act = "handle_requests" // what persons ask about their data: receiving, answering, erasing
	KeepRegister   Act = "keep_register"   // register of processing, keeping times, calendar: the data protection officer's
	KeepBreaches   Act = "keep_breaches"   // the breach book
	ReportBreach   Act = "report_breach"   // telling of a suspicion
)

// policy is deny by default: what is not listed is not allowed.
var policy = map[Role][]Act{
	Admin: {ManageAccounts, KeepBreaches, ReportBreach},
	ProvinceOfficer: {SeeFigures, SeeRecords, Inspect, Decide, ManageRounds, ManageCriteria, ManageAccounts, EditPlaces,
		SeeReports, RuleReports, HandleRequests, KeepRegister, KeepBreaches, ReportBreach},
	CommuneOfficer: {SeeFigures, SeeRecords, EditRegistry, EditPlaces, Register, Score, Appraise, Approve, Decide, Inspect,
		ManageAccounts, SeeReports, Report, HandleRequests, ReportBreach},
	Reviewer:      {SeeFigures, SeeRecords, Appraise, Inspect, SeeReports, ReportBreach},
	AreaVolunteer: {SeeFigures, SeeRecords, EditRegistry, Register, Score, ReportBreach},
	Viewer:        {SeeFigures, SeeRecords, SeeReports, ReportBreach},
	system: {SeeFigures, SeeRecords, EditRegistry, EditPlaces, Register, Score, Appraise, Approve, Decide, Inspect,
		ManageRounds, ManageCriteria, ManageAccounts, SeeReports, Report, RuleReports, HandleRequests, KeepRegister, KeepBreaches, ReportBreach},
}

// May says whether the actor may do act at the place with this path ("/a/b/c/", from the top down to the place itself).
func (a Actor) May(act Act, path string) bool {
	for _, g := range a.Grants {
		if slices.Contains(policy[g.Role], act) && (g.Role == system || strings.Contains(path, "/"+g.PlaceID+"/")) {
			return true
		}
	}
	return false
}

// Sits says whether the actor holds a role that allows act at this very place, and not only above it: a province oversees its communes and does not sign
// for them.
func (a Actor) Sits(act Act, placeID string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return slices.Contains(policy[g.Role], act) && (g.Role == system || g.PlaceID == placeID)
	})
}

// Check is May as an error; place is how the sentence names it.
func (a Actor) Check(act Act, path, place string) error {
	if a.May(act, path) {
		return nil
	}
	return fault.Denied(string(act), place)
}

// Anywhere says whether the actor may do act at some place: for menus, never instead of Check.
func (a Actor) Anywhere(act Act) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(policy[g.Role], act) })
}

// Places returns the ids of the places where the actor holds a role that allows act, in the order of its grants.
func (a Actor) Places(act Act) []string {
	var ids []string
	for _, g := range a.Grants {
		if slices.Contains(policy[g.Role], act) && !slices.Contains(ids, g.PlaceID) {
			ids = append(ids, g.PlaceID)
		}
	}
	return ids
}

// Has says whether the actor holds role anywhere.
func (a Actor) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}
