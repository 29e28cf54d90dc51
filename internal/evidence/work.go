// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"

	"hoctap/internal/job"
)

// process is the job that follows an upload.
func (s *Service) process(ctx context.Context, j *job.Job) error { return nil }
