// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a running process that answers on loopback.
type server struct {
	cmd    *exec.Cmd
	at     string        // host:port
	starts time.Duration // from exec to the first answer
	log    *bytes.Buffer
	gone   chan error
}

// serve starts hoctap on a database and waits for its first answer.
func serve(ctx context.Context, o *options, d *database) (*server, error) {
	at, err := freePort()
	if err != nil {
		return nil, err
	}
	return launch(ctx, at, "/healthz", o.binary, "serve", "--db", d.address(), "--files", d.files(), "--listen", at, "--today", today, "--rate", "0")
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// patience is how long a server may take to start before it counts as broken.
const patience = time.Minute

func launch(ctx context.Context, at, health, name string, args ...string) (*server, error) {
	s := &server{at: at, cmd: exec.CommandContext(ctx, name, args...), log: new(bytes.Buffer), gone: make(chan error, 1)}
	s.cmd.Stderr = s.log
	s.cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.gone <- s.cmd.Wait() }()
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for time.Since(begin) < patience {
		if res, err := client.Get("http://" + at + health); err == nil {
			res.Body.Close()
			s.starts = time.Since(begin)
			return s, nil
		}
		select {
		case err := <-s.gone:
			return nil, fmt.Errorf("%s ended while starting: %w\n%s", name, err, s.log)
		case <-time.After(2 * time.Millisecond):
		}
	}
	s.kill()
	return nil, fmt.Errorf("%s gave no answer within %s", name, patience)
}

// stop asks the server to end and waits.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.gone:
		return nil
	case <-time.After(patience):
		s.kill()
		return fmt.Errorf("the server did not stop within %s", patience)
	}
}

// end kills the server if nothing has stopped it yet.
func (s *server) end() {
	if s.cmd.ProcessState == nil {
		s.kill()
	}
}

// kill ends the server as a power cut would end its process: nothing of it runs any more.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // fails only when it is gone already
	<-s.gone
}

func (s *server) proc(name string) string { return fmt.Sprintf("/proc/%d/%s", s.cmd.Process.Pid, name) }

// memory returns the present and the highest resident memory in MB.
func (s *server) memory() (now, peak float64) {
	data, err := os.ReadFile(s.proc("status"))
	if err != nil {
		return 0, 0
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kb / 1024
		case "VmHWM":
			peak = kb / 1024
		}
	}
	return now, peak
}

// forgetPeak makes memory's peak begin anew.
func (s *server) forgetPeak() error { return os.WriteFile(s.proc("clear_refs"), []byte("5"), 0) }
