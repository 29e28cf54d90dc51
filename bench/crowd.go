// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// status is what the server answers to a plain request; 0 for none.
func (s *server) status(path string) int {
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Get("http://" + s.at + path)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

// from dials from an address of loopback of its own: 127.0.x.y, so that a thousand clients are a thousand addresses.
func from(n int, to string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+n/250), byte(1+n%250))}}
	return d.Dial("tcp", to)
}

// slowTrial opens many connections that send a byte now and then, half of them in their head and half in their body, while people save.
func (t *torment) slowTrial(ctx context.Context) (string, error) {
	d, err := fill(ctx, &t.options, t.families)
	if err != nil {
		return "", err
	}
	s, hands, err := t.open(ctx, d)
	if err != nil {
		return "", err
	}
	defer s.end()
	begin := time.Now()
	var slow sync.WaitGroup
	var mu sync.Mutex
	opened, cut := 0, 0
	stop := make(chan struct{})
	for i := range t.slow {
		slow.Go(func() {
			conn, err := from(i, s.at)
			if err != nil {
				return
			}
			defer conn.Close()
			mu.Lock()
			opened++
			mu.Unlock()
			text := "GET /?x=" + strings.Repeat("a", 4000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
			if i%2 == 1 {
				head := "POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n"
				if _, err := conn.Write([]byte(head)); err != nil {
					return
				}
				text = strings.Repeat("a", 4000)
			}
			for j := range text {
				select {
				case <-stop:
					return
				case <-time.After(time.Duration(200+rand.IntN(300)) * time.Millisecond):
				}
				if _, err := conn.Write([]byte{text[j]}); err != nil {
					mu.Lock()
					cut++
					mu.Unlock()
					return
				}
			}
		})
	}
	time.Sleep(2 * time.Second)
	w := t.shift(s, hands, false)
	time.Sleep(8 * time.Second)
	acknowledged, unanswered, err := w.end()
	mu.Lock()
	there := opened
	mu.Unlock()
	_, peak := s.memory()
	seconds := time.Since(begin).Seconds()
	time.Sleep(time.Until(begin.Add(25 * time.Second))) // the heads that do not end are cut off by then
	close(stop)
	slow.Wait()
	if err = errors.Join(err, s.stop()); err != nil {
		return "", err
	}
	switch {
	case there < t.slow*9/10:
		return "", fmt.Errorf("only %d of %d slow clients could be opened", there, t.slow)
	case acknowledged < t.writers || unanswered > 0:
		return "", fmt.Errorf("beside %d slow clients %d saves were acknowledged and %d got no answer", there, acknowledged, unanswered)
	case cut < there/4:
		return "", fmt.Errorf("only %d of %d slow clients were cut off in 25 s", cut, there)
	}
	return fmt.Sprintf("%d slow clients: %d saves acknowledged beside them in 8 of %.0f s, none unanswered; %d cut off, %.0f MB at most", there, acknowledged, seconds, cut, peak),
		t.check(ctx, d, hands)
}

// junkTrial sends nonsense: bytes that are no request, requests that are no sense, forms and addresses made of what breaks parsers. No answer may be a failure
// of the server.
func (t *torment) junkTrial(ctx context.Context) (string, error) {
	d, err := fill(ctx, &t.options, t.families)
	if err != nil {
		return "", err
	}
	s, hands, err := t.open(ctx, d)
	if err != nil {
		return "", err
	}
	defer s.end()
	who := hands[0]
	const senders = 8
	var wg sync.WaitGroup
	var mu sync.Mutex
	counts, answered := map[int]int{}, 0
	var wrong error
	for i := range senders {
		wg.Go(func() {
			j := junk{rng: rand.New(rand.NewPCG(t.seed, uint64(i))), who: who.client}
			for n := 0; n < t.junk/senders && ctx.Err() == nil; n++ {
				text := j.request()
				code, err := throw(n%5000, s.at, text)
				mu.Lock()
				if err == nil {
					answered++
					counts[code]++
				}
				if code >= 500 && wrong == nil {
					wrong = fmt.Errorf("%d to %.300q", code, text)
				}
				stop := wrong != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	if wrong != nil {
		return "", fmt.Errorf("%w\n%s", wrong, s.log)
	}
	w := t.shift(s, hands[1:], false)
	w.first()
	acknowledged, _, err := w.end()
	_, peak := s.memory()
	if err = errors.Join(err, s.stop()); err != nil {
		return "", err
	}
	if strings.Contains(s.log.String(), "panic") {
		return "", fmt.Errorf("panic: %s", s.log)
	}
	if acknowledged == 0 {
		return "", errors.New("nobody could save afterwards")
	}
	var codes []int
	for code := range counts {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var said []string
	for _, code := range codes {
		said = append(said, fmt.Sprintf("%d× %d", counts[code], code))
	}
	return fmt.Sprintf("%d junk requests, %d answered (%s), none by a failure; saving went on, %.0f MB at most", t.junk, answered, strings.Join(said, ", "), peak),
		t.check(ctx, d, hands[1:])
}

// throw sends bytes on a connection of its own and returns the status of the answer, if there is one.
func throw(n int, to string, text []byte) (int, error) {
	conn, err := from(n, to)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(15 * time.Second))
	if _, err := conn.Write(text); err != nil {
		return 0, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 8<<20))
	return res.StatusCode, err
}

// junk makes requests that no honest person sends.
type junk struct {
	rng *rand.Rand
	who *client // whose cookie and token some requests carry, so that they get past the door
}

var (
	junkMethods = []string{"GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "G\x00T", ""}
	junkPaths   = []string{"/", "/dang-nhap", "/xac-minh", "/dia-danh", "/viec", "/tong-quan", "/nhap", "/so-bo", "/quyet-dinh", "/bao-cao", "/ho-so/x/y", "/minh-chung/x", "/tai-khoan",
		"/bo-tieu-chi", "/dot", "/nhap-tep", "/khu", "/kiem-tra", "/cong-cu-ky/x", "/.well-known/jwks.json", "/assets/x", "/healthz", "/../../etc/passwd", "//x", "/%00", "/%ff%fe", "/.git/config"}
	junkKinds = []string{"application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/xml", "\x00"}
	junkWords = []string{"'", `"`, "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../../etc/passwd", "%00", "\x00", "\xff\xfe", "\u202e", "a\u0300\u0301\u0302", "-1",
		"9999999999999999999", "NaN", "1e309", "null", "[]", "{}", "\r\nX: y", "true", "0x", "Ⅷ", "ﷺ", "noi", "nam", "q", "login", "password", "version", "entry", "viec", "mo-hinh"}
)

func (j *junk) pick(list []string) string { return list[j.rng.IntN(len(list))] }

func (j *junk) text(most int) string {
	var b strings.Builder
	for range j.rng.IntN(most) {
		if j.rng.IntN(3) == 0 {
			b.WriteByte(byte(j.rng.IntN(256)))
			continue
		}
		b.WriteString(j.pick(junkWords))
	}
	return b.String()
}

func (j *junk) request() []byte {
	if j.rng.IntN(20) == 0 {
		return []byte(j.text(200)) // no HTTP at all
	}
	path := j.pick(junkPaths)
	if j.rng.IntN(2) == 0 {
		path += "/" + escaped(j.text(4))
	}
	if j.rng.IntN(2) == 0 {
		path += "?" + escaped(j.pick(junkWords)) + "=" + escaped(j.text(8))
	}
	if j.rng.IntN(50) == 0 {
		path += strings.Repeat("a", j.rng.IntN(80_000))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", j.pick(junkMethods), path)
	if j.rng.IntN(2) == 0 {
		fmt.Fprintf(&b, "Cookie: %s\r\n", j.who.cookie)
		if j.rng.IntN(4) > 0 {
			fmt.Fprintf(&b, "X-Form-Token: %s\r\n", j.who.token)
		}
	}
	if j.rng.IntN(3) == 0 {
		fmt.Fprintf(&b, "Accept: application/json\r\nAccept-Language: %s\r\n", strings.NewReplacer("\r", "", "\n", "").Replace(j.text(5)))
	}
	body := j.text(60)
	switch j.rng.IntN(4) {
	case 0:
		body = "{" + body
	case 1:
		body = "--x\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"" + j.pick(junkWords) + "\"\r\n\r\n" + body + "\r\n--x--"
	case 2:
		body = "login=" + escaped(j.text(3)) + "&password=" + escaped(j.text(3)) + "&" + body
	}
	length := len(body)
	if j.rng.IntN(10) == 0 {
		length += j.rng.IntN(2000) - 1000
	}
	fmt.Fprintf(&b, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", j.pick(junkKinds), length, body)
	return []byte(b.String())
}

// escaped is text as it may stand in an address, now and then not quite.
func escaped(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
