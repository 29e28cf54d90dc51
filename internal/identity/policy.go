// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
)

// Role is what an account is at a place (vai trò). It holds there and below.
type Role string

// The roles. system is held by work that no person asked for.
const (
	Admin           Role = "admin"            // accounts and settings; sees and changes no assessment
	ProvinceOfficer Role = "province_officer" // criteria, rounds, figures of the province
	CommuneOfficer  Role = "commune_officer"  // registry, appraisal, approval, decisions of a commune
	Reviewer        Role = "reviewer"         // appraises and returns, does not approve
	AreaVolunteer   Role = "area_volunteer"   // registers, scores and sends the households of an area
	Viewer          Role = "viewer"           // reads figures and lists
	system          Role = "system"
)

// Roles lists those a person can be given.
var Roles = []Role{Admin, ProvinceOfficer, CommuneOfficer, Reviewer, AreaVolunteer, Viewer}

// Act is what someone may be allowed to do.
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
	Operate        Act = "operate"         // how the server does: disks, queue, copies; no records
)

// Rule is one line of the policy: who may do an act at the place of the role and below. Everything that no rule allows is refused.
type Rule struct {
	Act   Act
	Roles []Role
	Kept  bool // stays with its holder: a delegation does not pass it on
}

// Rules is the whole policy of who may do what where; Steps is when, and who may not do the next step of the same file. The page
// "Ai được làm gì" and its downloads print these two tables, so what is written there is what happens.
var Rules = []Rule{
	{Act: SeeFigures, Roles: []Role{ProvinceOfficer, CommuneOfficer, Reviewer, AreaVolunteer, Viewer}},
	{Act: SeeRecords, Roles: []Role{ProvinceOfficer, CommuneOfficer, Reviewer, AreaVolunteer, Viewer}},
	{Act: EditRegistry, Roles: []Role{CommuneOfficer, AreaVolunteer}},
	{Act: EditPlaces, Roles: []Role{ProvinceOfficer, CommuneOfficer}},
	{Act: Register, Roles: []Role{CommuneOfficer, AreaVolunteer}},
	{Act: Score, Roles: []Role{CommuneOfficer, AreaVolunteer}},
	{Act: Appraise, Roles: []Role{CommuneOfficer, Reviewer}},
	{Act: Approve, Roles: []Role{CommuneOfficer}},
	{Act: Decide, Roles: []Role{ProvinceOfficer, CommuneOfficer}},
	{Act: Inspect, Roles: []Role{ProvinceOfficer, CommuneOfficer, Reviewer}},
	{Act: ManageRounds, Roles: []Role{ProvinceOfficer}},
	{Act: ManageCriteria, Roles: []Role{ProvinceOfficer}},
	{Act: SeeReports, Roles: []Role{ProvinceOfficer, CommuneOfficer, Reviewer, Viewer}},
	{Act: Report, Roles: []Role{CommuneOfficer}},
	{Act: RuleReports, Roles: []Role{ProvinceOfficer}},
	{Act: ManageAccounts, Roles: []Role{Admin, ProvinceOfficer, CommuneOfficer}, Kept: true}, // else a loan would make accounts that outlast it
	{Act: HandleRequests, Roles: []Role{ProvinceOfficer, CommuneOfficer}},
	{Act: KeepRegister, Roles: []Role{ProvinceOfficer}},
	{Act: KeepBreaches, Roles: []Role{Admin, ProvinceOfficer}},
	{Act: ReportBreach, Roles: []Role{Admin, ProvinceOfficer, CommuneOfficer, Reviewer, AreaVolunteer, Viewer}},
	{Act: Operate, Roles: []Role{Admin}, Kept: true},
}

// policy is Rules by role.
var policy = func() map[Role][]Act {
	of := map[Role][]Act{}
	for _, r := range Rules {
		for _, role := range append(slices.Clone(r.Roles), system) {
			of[role] = append(of[role], r.Act)
		}
	}
	return of
}()

// kept are the acts that no delegation passes on.
var kept = func() (acts []Act) {
	for _, r := range Rules {
		if r.Kept {
			acts = append(acts, r.Act)
		}
	}
	return acts
}()

// gives reports whether the grant allows act somewhere.
func (g Grant) gives(act Act) bool {
	return slices.Contains(policy[g.Role], act) && (g.Giver == "" || !slices.Contains(kept, act))
}

// covers reports whether path lies at the grant's place or below.
func (g Grant) covers(path string) bool {
	return g.Role == system || g.PlaceID != "" && strings.Contains(path, "/"+g.PlaceID+"/")
}

// May reports whether the actor may do act at the place with this path ("/vn/p25/c08494/"), because a role covers the place.
func (a Actor) May(act Act, path string) bool { _, ok := a.by(act, path); return ok }

// whole is the path of the root of all places, above which nothing is.
const whole = "/vn/"

// Everywhere reports whether the actor may do act at the root: for what belongs to no place, such as the server and how all people sign in. An
// administrator of one commune runs none of that.
func (a Actor) Everywhere(act Act) bool { return a.May(act, whole) }

// by is the grant by which the actor may do act at path; one of the actor's own before a lent one.
func (a Actor) by(act Act, path string) (lent Grant, ok bool) {
	for _, g := range a.Grants {
		if !g.gives(act) || !g.covers(path) {
			continue
		}
		if g.Giver == "" {
			return g, true
		}
		if !ok {
			lent, ok = g, true
		}
	}
	return lent, ok
}

// Sits reports whether a role that may do act has its place at placeID itself, not above it: the people of an office, as against those who
// oversee it. What is lent for a place below the giver's own gives no seat there.
func (a Actor) Sits(act Act, placeID string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.gives(act) && (g.Role == system || g.PlaceID == placeID && !g.Below)
	})
}

// Check is May as an error: a person is told what may not be done, and at which place. Who passes only by what was lent acts for the giver,
// and the journal will say so.
func (a Actor) Check(act Act, path, place string) error {
	g, ok := a.by(act, path)
	if !ok {
		return fault.Denied(string(act), place)
	}
	if g.Giver != "" && a.acting != nil {
		a.acting.Store(&g.Giver)
	}
	return nil
}

// Anywhere reports whether the actor may do act at some place at least.
func (a Actor) Anywhere(act Act) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.gives(act) })
}

// Places returns the ids of the places at and below which the actor may do act.
func (a Actor) Places(act Act) []string {
	var ids []string
	for _, g := range a.Grants {
		if g.gives(act) && !slices.Contains(ids, g.PlaceID) {
			ids = append(ids, g.PlaceID)
		}
	}
	return ids
}

// Has reports whether the actor holds role anywhere, as the actor's own.
func (a Actor) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role && g.Giver == "" })
}

// RolesOf lists the roles that may do act.
func RolesOf(act Act) []Role {
	for _, r := range Rules {
		if r.Act == act {
			return r.Roles
		}
	}
	return nil
}

// Within reports whether lesser may do nothing that role may not, so that who holds role can lend it. A system admin's role is
// nobody's smaller one: all there is to it stays with its holder.
func (lesser Role) Within(role Role) bool {
	acts := policy[lesser]
	return len(acts) > 0 && lesser != system && lesser != Admin && !slices.ContainsFunc(acts, func(a Act) bool { return !slices.Contains(policy[role], a) })
}
