// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// demoPassword opens every account of a demo.
const demoPassword = "hoc-tap-suot-doi"

// client is one keep-alive connection of one person. It is thinner than http.Client, because it shares the cores with the server.
type client struct {
	at     string
	cookie string // the whole header
	token  string // of its forms and scripts
	conn   net.Conn
	in     *bufio.Reader
	head   bytes.Buffer
	body   bytes.Buffer
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// signIn opens a session as a person would.
func signIn(at, login string) (*client, error) {
	c := &client{at: at}
	if err := c.open("/dang-nhap"); err != nil {
		return nil, err
	}
	form := url.Values{"login": {login}, "password": {demoPassword}}.Encode()
	res, err := c.send("POST", "/dang-nhap", "application/x-www-form-urlencoded", []byte(form))
	if err != nil {
		return nil, err
	}
	if !c.keep(res, "hoctap") {
		return nil, fmt.Errorf("sign in as %s: %s: no session", login, res.Status)
	}
	return c, c.open("/viec")
}

var tokenIn = regexp.MustCompile(`name="form-token" content="([^"]+)"`)

// open loads a page and takes the token that its forms carry.
func (c *client) open(path string) error {
	res, err := c.send("GET", path, "", nil)
	if err != nil {
		return err
	}
	c.keep(res, "hoctap-the")
	m := tokenIn.FindSubmatch(c.body.Bytes())
	if m == nil {
		return fmt.Errorf("%s: %s: no token", path, res.Status)
	}
	c.token = string(m[1])
	return nil
}

func (c *client) keep(res *http.Response, name string) bool {
	for _, k := range res.Cookies() {
		if k.Name == name {
			c.cookie = k.Name + "=" + k.Value
			return true
		}
	}
	return false
}

// again is another connection of the same person.
func (c *client) again() *client { return &client{at: c.at, cookie: c.cookie, token: c.token} }

// ask sends one request and returns the body of its answer, which is valid until the next. An answer other than 200 is an error.
func (c *client) ask(method, path, kind string, body []byte) ([]byte, error) {
	res, err := c.send(method, path, kind, body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, &refusedError{res.StatusCode, method + " " + path, strings.TrimSpace(fmt.Sprintf("%.300s", c.body.Bytes()))}
	}
	return c.body.Bytes(), nil
}

// refusedError is an answer that is no success.
type refusedError struct {
	status int
	what   string
	said   string
}

func (e *refusedError) Error() string { return fmt.Sprintf("%s: %d %s", e.what, e.status, e.said) }

func (c *client) send(method, path, kind string, body []byte) (*http.Response, error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.at)
		if err != nil {
			return nil, err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 64<<10)
	}
	c.head.Reset()
	fmt.Fprintf(&c.head, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.at)
	if c.cookie != "" {
		fmt.Fprintf(&c.head, "Cookie: %s\r\nX-Form-Token: %s\r\n", c.cookie, c.token)
	}
	if kind != "" {
		fmt.Fprintf(&c.head, "Content-Type: %s\r\nContent-Length: %d\r\n", kind, len(body))
		if kind != "application/x-www-form-urlencoded" {
			c.head.WriteString("Accept: application/json\r\n")
		}
	}
	c.head.WriteString("\r\n")
	parts := net.Buffers{c.head.Bytes()}
	if len(body) > 0 {
		parts = append(parts, body)
	}
	res, err := c.exchange(parts)
	if err != nil {
		c.close()
	}
	return res, err
}

func (c *client) exchange(parts net.Buffers) (*http.Response, error) {
	if _, err := parts.WriteTo(c.conn); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	c.body.Reset()
	_, err = io.Copy(&c.body, res.Body)
	return res, err
}
