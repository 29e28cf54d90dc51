// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"strings"
	"testing"

	"hoctap/internal/evidence"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// verbs says of each exported verb that takes an actor who may call it.
var verbs = verbLines(map[string]string{
	"identity": `
		Create manage_accounts commune
		ChangePassword own
		ResetPassword manage_accounts commune
		Disable manage_accounts commune
		Email own
		SetEmail own
		Give manage_accounts commune
		Confirm own
		ConfirmGrant manage_accounts commune
		Take manage_accounts commune
		Needs own
		Given own
		WaitingAt own
		Delegate own
		Recall own
		Delegations own
		Takers own
		Why manage_accounts commune
		Named own
		LastReview manage_accounts commune
		Review manage_accounts commune
		CheckOver manage_accounts commune
		ResetSecond manage_accounts commune
		EndAll manage_accounts commune
		Slips manage_accounts commune
		SetTerms operate root
		Rescue self
		Strength own
		Sessions own
		EndSession own
		EndOthers own
		Told own
		Understood own
		SecondFactor own
		BeginTOTP own
		ConfirmTOTP own
		RemoveTOTP own
		NewRecovery own`,
	"identity/passkey": `
		BeginAdd own
		Add own
		List own
		Rename own
		Remove own`,
	"identity/oidc": `
		Expect manage_accounts commune
		Confirm own
		Links own
		Unlink own`,
	"privacy": `
		Receive handle_requests commune
		Request handle_requests commune
		Requests handle_requests commune
		Owed handle_requests commune
		Acknowledge handle_requests commune
		Identify handle_requests commune
		Extend handle_requests commune
		Refuse handle_requests commune
		Drop handle_requests commune
		Forward handle_requests commune
		Finish handle_requests commune
		Lift handle_requests commune
		Gather handle_requests commune
		Registers keep_register province
		SaveRegister keep_register province
		SaveDays keep_register province
		DryRun keep_register province
		Run keep_register province
		Runs keep_register province
		Tasks keep_register province
		Suspect report_breach commune
		Breaches report_breach any
		Breach keep_breaches province
		Describe keep_breaches province
		Record keep_breaches province
		Close keep_breaches province
		Reached keep_breaches province
		YearlySent keep_breaches province`,
	"operation": `
		State operate root
		Retry operate root`,
	"place": `
		CreateArea edit_places commune
		CreateAreas edit_places commune
		RenameArea edit_places leaf
		CloseArea edit_places leaf
		SetRegion edit_places province late`,
	"criteria/version": `
		Discard manage_criteria any
		NewDraft manage_criteria any
		Upload manage_criteria any
		SaveDraft manage_criteria any
		Publish manage_criteria any`,
	"registry": `
		Get see_records leaf
		Agree edit_registry leaf late
		Withdraw edit_registry leaf
		Consents see_records leaf
		Duplicates see_records leaf
		KeepBoth edit_registry leaf
		ErrorFile edit_registry leaf
		Rows edit_registry leaf
		Insert edit_registry leaf
		Find see_records leaf
		Undo edit_registry leaf
		ApplyFix edit_registry leaf
		AddArea edit_registry&edit_places commune
		Batch edit_registry leaf
		Batches edit_registry leaf
		EditCell edit_registry leaf
		Choose edit_registry leaf
		Merge edit_registry leaf
		Merges see_records leaf
		UndoMerge edit_registry leaf
		SetEntries edit_registry leaf
		InsertEntries edit_registry leaf late
		Import edit_registry leaf
		SetMembers edit_registry leaf
		InsertMembers edit_registry leaf
		Members see_records leaf
		Save edit_registry leaf
		AskMove edit_registry leaf
		AcceptMove edit_registry leaf
		DeclineMove edit_registry leaf
		MoveRequests see_records leaf
		Move edit_registry leaf
		Stays see_records leaf
		Leave edit_registry leaf
		Back edit_registry leaf
		Upload edit_registry leaf
		Preview edit_registry leaf
		Map edit_registry leaf
		Check edit_registry leaf
		AskAgain edit_registry leaf
		SetIDDuty manage_accounts root
		VisibleEntries see_records leaf
		Reveal score|inspect leaf`,
	"evidence": `
		List see_records leaf
		OfLeaf see_records leaf
		Open see_records leaf
		Reused see_records leaf
		Attach score|appraise leaf
		Detach score|appraise leaf
		AddLink score|appraise leaf
		AddRegister score|appraise leaf
		Upload score|appraise leaf`,
	"selfsheet": `
		List score leaf
		Make score leaf
		Renew score leaf
		Revoke score leaf`,
	"assessment": `
		Own own
		AcceptOwn score leaf
		Register register leaf
		Unregister register leaf
		Reused see_records leaf
		Versions see_records leaf
		InLeaf see_records leaf
		Get see_records leaf
		Find see_records leaf
		Count see_records leaf
		ListLeaf manage_rounds|edit_registry leaf
		SaveRound manage_rounds province late
		Extend manage_rounds commune late
		OpenRound manage_rounds province late
		Dossier see_records leaf
		Next see_records leaf
		Board see_records leaf
		Row see_records leaf
		SaveRow score leaf
		SaveRows score leaf
		AnswerGate score leaf
		SamePhotos see_records commune
		SaveMinutes score leaf late
		Send score leaf
		Return appraise leaf late
		Approve approve leaf
		Reject approve leaf
		Reopen approve leaf
		ApproveAgreeing approve commune
		TrialSize see_records commune
		AskTrial manage_criteria commune
		LastTrial see_records commune
		Try manage_criteria commune
		DrawRecheck inspect commune
		Rechecks see_records commune
		RecheckItems see_records commune
		NoteFinding inspect leaf
		Waiting see_records commune
		ForAnother see_records commune
		Save score leaf
		SaveAll score leaf
		Object score|appraise leaf
		AnswerAppeal approve leaf
		Appeals see_records leaf
		OpenAppeals see_records commune
		CloseModel decide commune
		ReopenModel decide commune
		Barriers see_records leaf`,
	"recognition": `
		Register see_records commune
		StartRegister decide commune
		VoidPaper decide commune seat
		Bodies see_records commune
		SaveBody decide commune late
		Wordings see_records commune
		PaperWording see_records commune
		Decision see_records commune
		Items see_records commune
		Granted see_records commune
		Following see_records commune
		Decisions see_records commune
		DecidedAbove see_records commune
		Latest see_records commune
		Pressed own
		SaveTemplate decide commune
		RestoreTemplate decide commune
		SaveTemplateFile decide commune
		SaveDraft decide commune seat late
		MayIssue decide commune seat
		Discard decide commune seat
		Propose see_records commune
		Asked see_records commune
		Scopes see_records commune
		TemplateVersions see_records commune
		InForce see_records commune
		WordingFor see_records commune
		SetPeriodRule manage_rounds province late
		Candidates see_records commune
		Titles see_records leaf
		TitlesOf see_records commune
		CountingOf see_records commune
		Title see_records leaf
		Holders see_records commune
		Issue decide commune seat
		IssuePaper decide commune seat late
		PaperByID see_records commune
		Papers see_records commune
		Requests see_records commune
		FrozenItems see_records commune`,
	"report": `
		Accept rule_reports province
		Return rule_reports province
		Extend rule_reports province
		Get see_reports commune
		OfPlace see_reports commune
		Upward rule_reports root
		Board see_reports province
		Versions see_reports commune
		Submitted see_reports commune
		Live see_figures commune
		Fill report commune
		Save report commune
		Correct report commune
		Answer rule_reports province
		OpenPeriod rule_reports province
		Opening rule_reports province
		Periods see_reports province
		EndPeriod rule_reports province
		ChangeDays rule_reports province
		WithdrawPeriod rule_reports province
		Counts see_reports province
		Submit report commune`,
	"badge": `
		Of see_records leaf
		Rotate manage_accounts root
		Give decide leaf`,
	"signature": `
		Offer decide commune seat
		Upload decide commune seat
		SignWithKey decide commune seat
		Picture see_records commune
		Signing see_records commune
		Of see_records commune
		Completed see_records commune
		Begin decide commune seat
		Open see_records commune
		Signers see_records commune
		AddSigner decide commune
		EndSigner decide commune
		Setting see_records commune
		SetElectronic decide commune`,
	"archive": `
		Open see_records commune
		Ask decide commune
		OfPlace see_records commune`,
}, map[string]string{
	"assessment.Attached":     "listener of package evidence, which has checked; it asks the policy again by the file's state",
	"assessment.Follow":       "listener of package registry, inside its transaction",
	"assessment.Recognise":    "step of a decision: recognition.Issue has checked, separation of duties is asked here",
	"assessment.Revoke":       "step of a decision: recognition.Issue has checked",
	"assessment.Restore":      "step of a decision: recognition.Issue has checked",
	"assessment.SetExemplary": "step of a decision: recognition.Issue has checked",
	"recognition.Number":      "takes a number inside the transaction of package report, which has checked who submits",
	"registry.AddCommunities": "adds by Insert, which checks",
	"registry.Erase":          "step of a person's request: privacy.Finish has checked who answers it, and that the person was identified",
	"registry.Restrict":       "step of a person's request: privacy.Finish and privacy.Lift have checked who answers it",
	"registry.WithdrawAll":    "step of a person's request: privacy.Finish has checked who answers it",
	"scan.Judge":              "looks at the bytes of whoever sends a file, before the verb that takes it checks; the actor is only named in the journal",
	"report.MayAnswer":        "says what a page offers; Answer asks again",
	"report.func MayWrite":    "pure: says what a page offers",
	"report.func MayRule":     "pure: says what a page offers",
})

func verbLines(tables map[string]string, within map[string]string) map[string]verb {
	all := map[string]verb{}
	for pkg, lines := range tables {
		for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
			name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			all[pkg+"."+name] = parseVerb(rest)
		}
	}
	for key, why := range within {
		all[key] = verb{within: why}
	}
	return all
}

// actorless are the methods that take no actor, with the reason that each was looked at and left so.
var actorless = reasons(map[string]string{
	"identity.SignIn identity.Session identity.SignOut identity.Actor":                            "how an actor comes to be",
	"identity.Open identity.Pending identity.TryPending identity.OpenPending identity.SecondStep": "how an actor comes to be: the proof, or the token of the first, is what lets in",
	"identity/passkey.BeginSignIn identity/passkey.SignIn":                                        "how an actor comes to be: the key is the proof",
	"identity/oidc.Begin identity/oidc.Finish identity/oidc.SignIn identity/oidc.EndSession":      "how an actor comes to be: what the provider signed is the proof",
	"identity/oidc.Offer identity/oidc.Offered":                                                   "sealed for one browser: Confirm asks the actor for the password before it links anything",
	"identity/oidc.Use identity/oidc.Offers identity/oidc.Numbered identity/oidc.Name":            "settings of the server: names of providers, no persons",
	"identity.AddFactor identity.Terms":                                                           "settings: kinds of second factors, and what each role keeps to; no persons",
	"identity.CloseIdle identity.Sweep registry.ForgetFiles scan.Later":                           "jobs of the program, which nobody asked for; by rules that an administrator set or the program ships",
	"privacy.EnsureNightly privacy.Nightly":                                                       "job of the program: the keeping times, whose hand-run is Run",
	"identity.HasSecond":                                                                          "whether a way in of the owner's own is there, inside verbs that have checked who manages the account",
	"identity.IDOf":                                                                               "id of a login, for the journal; no page shows it",
	"identity.LoginFree":                                                                          "whether a login is taken, for slips: the page has checked who manages accounts, and Create tells it as well",
	"evidence.Erase evidence.Drop":                                                                "steps of an erasure and of the keeping times, inside package privacy, which has checked",
	"registry.MayName registry.MayShow registry.Minor":                                            "the public check of a paper: whether a full name may be printed, not which",
	"registry.SealedPhone":                                                                        "pure: seals what it is given",
	"registry.IDDuty":                                                                             "a setting: the duty's name, for the command hoctap keys",
	"registry.Restricted":                                                                         "ids only, which lists that have checked leave out",
	"privacy.Register privacy.Calendar":                                                           "what is done with data is public, and so are days on which offices are closed",
	"privacy.Ask privacy.ByCode":                                                                  "the public form: anybody may ask, and the code tells no word of who asked",
	"privacy.Persons":                                                                             "one count over all, no places and no persons",
	"privacy.List privacy.Replay":                                                                 "ids of erased persons for copies that are put back: the command hoctap restore, for who holds the database",
	"scan.Check":                                                                                  "whether bytes with a hash are infected, asked before a file is served by a verb that checks",
	"operation.Disks":                                                                             "how full the disks are, for State, which checks, and for metrics, which have a door of their own",
	"selfsheet.ByCode selfsheet.Open":                                                             "what a slip opens: its secret is the permission, and the actor comes to be",
	"selfsheet.Proof selfsheet.Knows selfsheet.Sees selfsheet.Guarded selfsheet.Pin selfsheet.Unlock": "of what a slip has opened",
	"selfsheet.Send selfsheet.Upload selfsheet.Remove selfsheet.Pictures":                             "as the actor of the slip that was opened: assessment and evidence check it",
	"selfsheet.Secret selfsheet.Code":                                                                 "of a slip that List gave to who scores there",
	"identity.Demo":                                                                                   "accounts of invented people, for the sign-in page of a demo",
	"identity.At identity.Reachable":                                                                  "called for places that the page or job has checked: logins and names, no records",
	"identity.Whose":                                                                                  "posts and their number, no names: printed where one is refused",
	"place.Get place.At place.ByCode place.Path place.Names place.Region place.Find place.History": "places are public",
	"place.Successors place.Targets place.Children place.Leaves place.Ancestors":                   "places are public",
	"place.EnsureLoaded criteria/version.EnsureShipped recognition.EnsureSeal":                     "loads what the program ships",
	"criteria/version.Get criteria/version.List criteria/version.For criteria/version.Compiled":    "criteria are public rules",
	"criteria/version.Try": "pure: compiles a text",
	"registry.MemberCounts registry.MemberCountsOfLeaf registry.Entries registry.EntriesOf registry.Load": "inside the transactions of packages to the right, which check the actor",
	"registry.InLeaf registry.Count registry.Agreed":                                                      "inside the transactions of packages to the right, which check the actor",
	"assessment.Load assessment.InState":                                                                  "inside the transactions of packages to the right, which check the actor",
	"assessment.HandleList assessment.HandleTrial archive.Keep":                                           "jobs; who asked was checked when the job was added",
	"assessment.Round assessment.Rounds assessment.Extensions assessment.WhoIsAffected assessment.Closed": "stages and dates of rounds, no records of people",
	"assessment.MinutesOf": "called by pages of an area that have checked its place",
	"assessment.Verify recognition.Verify signature.Verify archive.Verify badge.Verify report.Verify": "the command hoctap verify: ids and figures, for who holds the database",
	"evidence.Sweep evidence.Files recognition.Files signature.Files archive.Files":                   "names of stored files, for sweeping and copies",
	"recognition.NamedFiles signature.Named archive.Named recognition.KeepShipped":                    "names of stored files, for sweeping and copies",
	"recognition.EnsureBodies recognition.Decides recognition.BodyByID recognition.PeriodRule":        "names of offices and rules, which stand on public papers",
	"recognition.VerifyCode recognition.Seal recognition.Sealed recognition.ByCode":                   "the public check of a paper: the code is the proof, names are masked for the public",
	"signature.Public signature.PublicWaits signature.Check signature.Trust signature.Ready":          "the public check of a signed file",
	"signature.Waits signature.Gate":                    "inside the transactions of packages beside, which check the actor",
	"signature.SourceTicket signature.UploadTicket":     "desktop tools: the one-time token is the proof, and names its actor",
	"badge.ByCode badge.File badge.Keys badge.Statuses": "open badges are for everybody who holds the code",
	"rollup.Below":  "sums, no records: pages check see_figures; the public first page shows those of the province",
	"report.Period": "title and days of a period",
	"report.Remind": "job that writes letters to those whose task a report is",
})

func reasons(groups map[string]string) map[string]string {
	all := map[string]string{}
	for keys, why := range groups {
		for _, key := range strings.Fields(keys) {
			all[key] = why
		}
	}
	return all
}

// walker knows what lies in Xã Hy Cương by the names of parameters.
func (h *house) walker() *walker {
	decision := h.one(`SELECT d.id FROM decision d JOIN body b ON b.id = d.body_id WHERE b.place_id = $1 ORDER BY d.id LIMIT 1`, hyCuong)
	body := recognition.BodyID(recognition.BodyAssociationCommune, hyCuong)
	period := h.one(`SELECT r.period_id FROM report r JOIN report_period q ON q.id = r.period_id WHERE r.place_id = $1 AND q.kind = 'half'`, hyCuong)
	paper := h.one(`SELECT id FROM outgoing_paper WHERE place_id = $1 AND kind = 'report' ORDER BY id LIMIT 1`, hyCuong)
	leaf := h.file.PlaceID
	rc, err := h.s.Assessment.DrawRecheck(h.ctx, h.actors[officer], hyCuong, h.round, "family", 3)
	h.ok(err)
	batch := h.upload()
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `UPDATE import_batch SET place_id = $1 WHERE id = $2`, leaf, batch)
		return err
	}))
	near, err := h.s.Places.Children(h.ctx, vietTri, "")
	h.ok(err)
	target := identity.Account{ID: h.actors[volunteer].ID, Login: volunteer, Grants: h.actors[volunteer].Grants}
	subject := h.file.SubjectID
	w := &walker{house: h, places: map[string]string{"leaf": leaf, "commune": hyCuong, "province": phuTho, "root": place.Root, "leaf beside": h.elsewhere, "commune beside": vietTri,
		"leaf of the commune beside": near[0].ID, "province beside": haNoi}}
	w.known = map[string]map[string]any{
		"": {"roundID": h.round, "RoundID": h.round, "model": registry.Family, "Model": registry.Family, "communeID": hyCuong, "CommuneID": hyCuong, "provinceID": phuTho,
			"periodID": period, "bodyID": body, "BodyID": body, "decisionID": decision, "DecisionID": decision, "year": 2026, "Year": 2026, "reason": "Thử", "Reason": "Thử",
			"step": 1, "no": 1, "role": identity.Viewer, "Role": identity.Viewer, "recheckID": rc.ID, "Name": "Thử", "name": "Thử", "queue": h.s.Jobs, "blobs": h.s.Blobs,
			"lastYear": 2026, "size": 3},
		"assessment": {"id": h.file.ID, "ID": h.file.ID, "ids": []string{h.file.ID}, "SubjectID": subject, "draft.Stage": "area", "appealID": "x", "body": "Thử", "answer": "Thử",
			"Until": "2026-12-20", "finding": "kept", "name": "approve", "setID": h.one(`SELECT id FROM criteria_set WHERE model = 'family' AND state <> 'draft' LIMIT 1`), "gate": "G3"},
		"registry": {"id": subject, "ID": subject, "subjectID": subject, "SubjectID": subject, "keepID": subject, "goneID": subject, "groupID": subject, "toID": leaf, "date": "2026-11-18",
			"requestID": "x", "mergeID": "x"},
		"evidence":         {"placeID": leaf, "id": h.one(`SELECT id FROM evidence WHERE place_id = $1 ORDER BY id LIMIT 1`, leaf), "assessmentID": h.file.ID, "AssessmentID": h.file.ID, "Criterion": "A1", "address": "https://vi.wikipedia.org/wiki/A", "title": "Trang", "words": "Sổ", "size": evidence.Full},
		"place":            {"id": leaf, "Kind": "Khu", "last": "2026-12-31", "region": "plain"},
		"criteria/version": {"id": h.one(`SELECT id FROM criteria_set ORDER BY id LIMIT 1`), "basedOn": h.one(`SELECT id FROM criteria_set ORDER BY id LIMIT 1`)},
		"recognition": {"id": decision, "ID": decision, "paperID": paper, "scopeID": body, "ScopeID": body, "bodyKind": recognition.BodyAssociationCommune, "k": "decision", "subjectID": subject,
			"Date": "2026-11-18"},
		"report":    {"r.PlaceID": phuTho, "until": "2026-12-20", "note": "Thử", "day": "2026-11-18", "days": 5},
		"signature": {"id": "x", "kind": "person"},
		"identity": {"accountID": target.ID, "AccountID": target.ID, "target": target, "path": h.path(hyCuong), "Path": h.path(hyCuong), "Login": "nguoi-moi", "Password": password, "fresh": password,
			"Grant": identity.Grant{Role: identity.Viewer, PlaceID: hyCuong}, "act": identity.Approve},
		"badge": {"titleID": h.one(`SELECT id FROM title WHERE place_id = $1 AND model = 'citizen' ORDER BY id LIMIT 1`, h.area)},
	}
	request, err := h.s.Privacy.Receive(h.ctx, identity.System, privacy.Request{PlaceID: hyCuong, Kind: privacy.Provide, Way: "counter", Name: "Người Hỏi", Contact: "0912 345 678", Relation: "self", ReceivedOn: "2026-11-18"})
	h.ok(err)
	request, err = h.s.Privacy.Identify(h.ctx, identity.System, request.ID, request.Version, leaf, subject, "Xem căn cước tại quầy")
	h.ok(err)
	breach := privacy.Breach{PlaceID: phuTho, Title: "Mất máy tính", Story: "Máy tính của cán bộ bị mất", Kind: "loss", FoundAt: h.at}
	breach, err = h.s.Privacy.Suspect(h.ctx, identity.System, breach)
	h.ok(err)
	words := "Lời ghi để thử quyền"
	w.known["privacy"] = map[string]any{"id": request.ID, "version": request.Version, "ID": request.ID, "Version": request.Version, "subjectPlace": leaf, "subjectID": subject, "checked": words, "reason": words,
		"basis": words, "answer": words, "remark": words}
	for _, verb := range strings.Fields("Breach Describe Record Close Reached") {
		w.known["privacy."+verb] = map[string]any{"id": breach.ID, "ID": breach.ID, "version": breach.Version, "what": words, "outcome": words, "at": h.at, "Title": breach.Title, "Story": breach.Story,
			"Kind": "loss", "Severity": "personal", "FoundAt": h.at}
	}
	w.known["identity/oidc"] = map[string]any{"target": target, "path": h.path(hyCuong)}
	w.known["registry.Reveal"] = map[string]any{"id": subject, "field": "phone", "reason": words}
	w.known["registry.SetIDDuty"] = map[string]any{"reason": words}
	w.known["identity.Slips"] = map[string]any{"targets": []identity.Account{target}, "fresh": []identity.Draft(nil), "path": h.path(hyCuong)}
	w.known["identity.Review"] = map[string]any{"verdicts": []identity.ReviewVerdict{{Account: target, Path: h.path(h.area), Close: true}}, "path": h.path(hyCuong)}
	for _, verb := range strings.Fields("ErrorFile Rows Undo ApplyFix Batch EditCell Choose Import Preview Map Check") {
		w.known["registry."+verb] = map[string]any{"id": batch}
	}
	for _, verb := range strings.Fields("VoidPaper PaperByID Asked PaperWording") {
		w.known["recognition."+verb] = map[string]any{"id": paper, "ID": paper, "paperID": paper, "PlaceID": hyCuong}
	}
	w.known["recognition.Latest"] = map[string]any{"kind": recognition.KindRecognise, "bodyID": body}
	w.known["place.SetRegion"] = map[string]any{"id": hyCuong}
	return w
}

// The table of rights is what the verbs ask: no act is without a step or a verb that asks for it.
func TestEveryActIsAskedFor(t *testing.T) {
	asked := map[identity.Act]bool{}
	for _, v := range verbs {
		for _, a := range v.acts {
			asked[a] = true
		}
	}
	for _, r := range identity.Rules {
		if !asked[r.Act] {
			t.Errorf("no verb asks for %s", r.Act)
		}
	}
}
