// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"hoctap/internal/web"
	"hoctap/internal/web/site"
)

// serve answers on loopback as the program does.
func (h *house) serve(most int) (at string) {
	h.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.ok(err)
	server := &http.Server{Handler: h.site, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 5 * time.Second}
	go server.Serve(web.PerAddress(l, most, nil))
	h.t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

func dialFrom(t *testing.T, host, to string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}, Timeout: 5 * time.Second}).DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// A thousand clients that hold their connections with half a request take nobody's place: from four addresses they are all kept, and pages come as fast
// as before; from one address the surplus is closed at once.
func TestThousandSlowClients(t *testing.T) {
	h := open(t)
	at := h.serve(256)
	for i := range 1000 {
		c := dialFrom(t, fmt.Sprintf("127.0.0.%d", 2+i%4), at)
		half := "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
		if i%2 == 0 {
			half = "POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin="
		}
		if _, err := c.Write([]byte(half)); err != nil {
			t.Fatalf("client %d: %v", i, err)
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	for range 10 {
		start := time.Now()
		res, err := client.Get("http://" + at + "/dia-danh?q=hy+cuong")
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("nobody else is served: %v %v", res, err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if took := time.Since(start); err != nil || took > 2*time.Second {
			t.Errorf("%s, %v", took, err)
		}
	}
	closed := 0
	for range 40 {
		c := dialFrom(t, "127.0.0.2", at)
		_ = c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err != nil && !isTimeout(err) {
			closed++
		}
	}
	if closed < 30 {
		t.Errorf("only %d of 40 connections past the limit were closed", closed)
	}
}

func isTimeout(err error) bool {
	n, ok := err.(net.Error)
	return ok && n.Timeout()
}

// A body that keeps coming is taken however long it takes; one that stops or only drips is cut off.
func TestSlowBodies(t *testing.T) {
	h := open(t)
	defer web.Hasten(400*time.Millisecond, time.Second)()
	at := h.serve(256)
	token := web.FormToken(h.s, h.tokens[officer])
	send := func(body string, step int, pause time.Duration) (status string, took time.Duration) {
		c := dialFrom(t, "127.0.0.1", at)
		start := time.Now()
		fmt.Fprintf(c, "POST /tai-khoan/toi HTTP/1.1\r\nHost: x\r\nCookie: %s=%s\r\nX-Form-Token: %s\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n",
			site.Cookie, h.tokens[officer], token, len(body))
		answered := make(chan string, 1)
		go func() {
			_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
			line, _ := bufio.NewReader(c).ReadString('\n') // "" when cut off
			answered <- line
		}()
		for len(body) > 0 && step > 0 {
			n := min(step, len(body))
			if _, err := c.Write([]byte(body[:n])); err != nil {
				break
			}
			body = body[n:]
			select {
			case line := <-answered:
				return line, time.Since(start)
			case <-time.After(pause):
			}
		}
		return <-answered, time.Since(start)
	}
	if line, took := send("email="+strings.Repeat("a", 2000), 60, 100*time.Millisecond); !strings.HasPrefix(line, "HTTP/1.1 4") && !strings.HasPrefix(line, "HTTP/1.1 3") || took < 3*time.Second {
		t.Errorf("600 bytes a second for three seconds: %q after %s", line, took)
	}
	if line, took := send("email="+strings.Repeat("a", 2000), 0, 0); took > 3*time.Second {
		t.Errorf("a body that never comes: %q after %s", line, took)
	}
	if line, took := send("email="+strings.Repeat("a", 2000), 1, 200*time.Millisecond); took > 8*time.Second {
		t.Errorf("five bytes a second: %q after %s", line, took)
	}
}

// An answer to a reader that takes it slowly comes whole; one to who reads nothing ends.
func TestSlowReaders(t *testing.T) {
	h := open(t)
	defer web.Hasten(300*time.Millisecond, time.Second)()
	big := bytes.Repeat([]byte("x"), 24<<20)
	done := make(chan error, 2)
	mux := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := w.Write(big)
		done <- err
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.ok(err)
	server := &http.Server{Handler: web.Paced(mux)}
	go server.Serve(l)
	defer server.Close()
	ask := func() net.Conn {
		c := dialFrom(t, "127.0.0.1", l.Addr().String())
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		return c
	}
	slow, got := ask(), 0
	buf := make([]byte, 256<<10)
	for {
		n, err := slow.Read(buf)
		got += n
		if err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := <-done; err != nil || got < len(big) {
		t.Errorf("%d bytes of %d, %v", got, len(big), err)
	}
	ask()
	select {
	case err := <-done:
		if err == nil {
			t.Error("what nobody read counts as sent")
		}
	case <-time.After(10 * time.Second):
		t.Error("still writes to who does not read")
	}
}
