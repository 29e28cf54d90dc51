// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"hoctap/internal/fault"
)

// Config is what an administrator writes about a provider, one file each: its name without ".toml" is the provider's id, which stands in the address
// that the provider sends people back to. Changing it parts all who are linked.
type Config struct {
	ID string `toml:"-"`

	Name       string `toml:"name"`        // on the button: "VNeID"
	Issuer     string `toml:"issuer"`      // as it stands in the provider's tokens
	ClientID   string `toml:"client_id"`   //
	SecretFile string `toml:"secret_file"` // beside the file, or absolute; none for a public client
	Auth       string `toml:"auth"`        // how the secret is sent: basic (default) or post

	Scopes      []string `toml:"scopes"`       // openid is always asked
	ACRValues   []string `toml:"acr_values"`   // asked for: "LoA2"
	RequiredACR []string `toml:"required_acr"` // one of these must be in the token; then the sign-in counts as two factors
	Prompt      string   `toml:"prompt"`       // "login" on shared machines: the provider asks again

	Algs    []string      `toml:"algs"`    // allowed signatures; RS256 when left out
	Skew    time.Duration `toml:"skew"`    // how far the clocks may differ; 1m when left out
	Timeout time.Duration `toml:"timeout"` // of one request; 10s when left out
	CAFile  string        `toml:"ca_file"` // PEM of an authority that the system does not know
	Hosts   []string      `toml:"hosts"`   // further hosts that discovery may name; those of the addresses below are known

	Endpoints Endpoints `toml:"endpoints"` // in place of discovery
	Claims    ClaimMap  `toml:"claims"`

	secret string
	roots  *x509.CertPool
	hosts  []string
}

// Endpoints are the provider's addresses.
type Endpoints struct {
	Authorization string `toml:"authorization" json:"authorization_endpoint"`
	Token         string `toml:"token" json:"token_endpoint"`
	Keys          string `toml:"jwks" json:"jwks_uri"`
	UserInfo      string `toml:"userinfo" json:"userinfo_endpoint"`
	EndSession    string `toml:"end_session" json:"end_session_endpoint"`
}

// ClaimMap says what the provider calls things.
type ClaimMap struct {
	Subject string `toml:"subject"` // what names the person for ever; sub when left out
	Number  string `toml:"number"`  // the national id number
	Name    string `toml:"name"`
	Phone   string `toml:"phone"`
}

var (
	idShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	algs    = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)

// maxSecretFile is how large the files of a provider may be.
const maxSecretFile = 1 << 20

// Load reads the providers in path: a folder of .toml files in order of their names, or one file. Every fault names its file and setting.
func Load(path string) (list []Config, err error) {
	defer fault.Wrap(&err, "oidc.Load(%s)", path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	files := []string{path}
	if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.toml")); err != nil {
			return nil, err
		}
	}
	var errs []fault.FieldError
	for _, file := range files {
		c := Config{ID: strings.TrimSuffix(filepath.Base(file), ".toml")}
		broken, err := c.read(file)
		if err != nil {
			return nil, err
		}
		errs = append(errs, broken...)
		list = append(list, c)
	}
	if len(list) == 0 {
		errs = append(errs, fault.Field("oidc", "oidc.setting.none", "path", path))
	}
	return list, fault.Invalid(errs...)
}

func (c *Config) read(file string) (broken []fault.FieldError, err error) {
	wrong := func(setting, key string, pairs ...any) {
		broken = append(broken, fault.Field(filepath.Base(file)+": "+setting, "oidc.setting."+key, pairs...))
	}
	meta, err := toml.DecodeFile(file, c)
	if err != nil {
		wrong("toml", "toml", "why", err.Error())
		return broken, nil
	}
	for _, k := range meta.Undecoded() {
		wrong(k.String(), "unknown")
	}
	if !idShape.MatchString(c.ID) {
		wrong("tên tệp", "id")
	}
	c.defaults()
	for setting, value := range map[string]string{"name": c.Name, "client_id": c.ClientID} {
		if value == "" {
			wrong(setting, "missing")
		}
	}
	if c.Auth != "basic" && c.Auth != "post" {
		wrong("auth", "auth")
	}
	for _, a := range c.Algs {
		if !slices.Contains(algs, a) {
			wrong("algs", "algs", "alg", a, "known", strings.Join(algs, ", "))
		}
	}
	if c.Skew < 0 || c.Skew > 10*time.Minute {
		wrong("skew", "skew")
	}
	if c.Timeout < time.Second || c.Timeout > time.Minute {
		wrong("timeout", "timeout")
	}
	if len(c.RequiredACR) > 0 && len(c.ACRValues) == 0 {
		c.ACRValues = c.RequiredACR
	}
	c.addresses(wrong)
	c.secretAndRoots(filepath.Dir(file), wrong)
	return broken, nil
}

func (c *Config) defaults() {
	if c.Auth == "" {
		c.Auth = "basic"
	}
	if len(c.Algs) == 0 {
		c.Algs = []string{"RS256"}
	}
	if c.Skew == 0 {
		c.Skew = time.Minute
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Claims.Subject == "" {
		c.Claims.Subject = "sub"
	}
	if !slices.Contains(c.Scopes, "openid") {
		c.Scopes = append([]string{"openid"}, c.Scopes...)
	}
}

// addresses checks every address and gathers the hosts that may be asked. The issuer is only a name where all endpoints are given.
func (c *Config) addresses(wrong func(setting, key string, pairs ...any)) {
	c.hosts = nil
	for _, h := range c.Hosts {
		c.hosts = append(c.hosts, strings.ToLower(h))
	}
	given := c.Endpoints != Endpoints{}
	for setting, address := range map[string]string{"issuer": c.Issuer, "endpoints.authorization": c.Endpoints.Authorization, "endpoints.token": c.Endpoints.Token,
		"endpoints.jwks": c.Endpoints.Keys, "endpoints.userinfo": c.Endpoints.UserInfo, "endpoints.end_session": c.Endpoints.EndSession} {
		must := setting == "issuer" || given && (setting == "endpoints.authorization" || setting == "endpoints.token" || setting == "endpoints.jwks")
		switch host, ok := safe(address); {
		case address == "" && must:
			wrong(setting, "missing")
		case address != "" && !ok:
			wrong(setting, "address")
		case address != "":
			c.hosts = append(c.hosts, host)
		}
	}
}

// safe is the host of an address that goes over TLS, or stays on this machine.
func safe(address string) (host string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return "", false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return strings.ToLower(u.Host), u.Scheme == "https" || u.Scheme == "http" && local
}

func (c *Config) secretAndRoots(dir string, wrong func(setting, key string, pairs ...any)) {
	read := func(setting, name string) []byte {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		info, err := os.Stat(name)
		if err != nil || info.Size() > maxSecretFile {
			wrong(setting, "file", "why", fmt.Sprint(err))
			return nil
		}
		if setting == "secret_file" && info.Mode().Perm()&0o077 != 0 {
			wrong(setting, "open_file")
		}
		b, err := os.ReadFile(name)
		if err != nil {
			wrong(setting, "file", "why", err.Error())
		}
		return b
	}
	if c.SecretFile != "" {
		if c.secret = strings.TrimRight(string(read("secret_file", c.SecretFile)), "\r\n"); c.secret == "" {
			wrong("secret_file", "empty")
		}
	}
	if c.CAFile == "" {
		return
	}
	c.roots, _ = x509.SystemCertPool()
	if c.roots == nil {
		c.roots = x509.NewCertPool()
	}
	if !c.roots.AppendCertsFromPEM(read("ca_file", c.CAFile)) {
		wrong("ca_file", "pem")
	}
}
