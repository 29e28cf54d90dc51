// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import "image/color"

var (
	cream  = color.RGBA{240, 230, 208, 255}
	mint   = color.RGBA{205, 226, 212, 255}
	sky    = color.RGBA{196, 218, 236, 255}
	rose   = color.RGBA{236, 210, 202, 255}
	wood   = color.RGBA{150, 104, 62, 255}
	dark   = color.RGBA{62, 52, 46, 255}
	paper  = color.RGBA{250, 248, 240, 255}
	red    = color.RGBA{186, 46, 40, 255}
	gold   = color.RGBA{222, 172, 62, 255}
	green  = color.RGBA{58, 122, 86, 255}
	blue   = color.RGBA{52, 92, 150, 255}
	purple = color.RGBA{116, 78, 138, 255}
	skin   = color.RGBA{216, 168, 130, 255}
)

// room paints a wall and a floor and returns where they meet.
func (c *canvas) room() int {
	wall := c.pick(cream, mint, sky, rose)
	line := c.near(245, 25)
	c.wash(0, line, shade(wall, 106), shade(wall, 88))
	floor := c.pick(wood, color.RGBA{168, 150, 132, 255}, color.RGBA{120, 84, 60, 255})
	c.wash(line, demoH, floor, shade(floor, 80))
	return line
}

// window is a bright opening in the wall, with bars.
func (c *canvas) window(x, y, w, h int) {
	c.rect(x-6, y-6, w+12, h+12, c.pick(wood, paper))
	c.rect(x, y, w, h, c.pick(color.RGBA{214, 234, 246, 255}, color.RGBA{250, 236, 196, 255}, color.RGBA{170, 204, 168, 255}))
	for i := 1; i < 4; i++ {
		c.rect(x+i*w/4, y, 3, h, dark)
	}
}

// books stands spines side by side from x to end on the board at y, none higher than tall.
func (c *canvas) books(x, end, y, tall int) {
	for x < end {
		w, h := c.near(11, 4), tall*c.near(82, 16)/100
		if c.rng.IntN(9) == 0 {
			x += c.near(16, 10) // a gap where one is being read
			continue
		}
		if w = min(w, end-x); w < 4 {
			return
		}
		k := c.pick(red, gold, green, blue, purple, cream, dark)
		c.rect(x, y-h, w, h, k)
		c.rect(x, y-h*3/4, w, 3, shade(k, 140))
		c.rect(x+w-1, y-h, 1, h, shade(k, 60))
		x += w
	}
}

func (c *canvas) studyCorner() {
	line := c.room()
	left := c.rng.IntN(2) == 0
	side := func(x, w int) int { // mirrors the room for every other family
		if left {
			return x
		}
		return demoW - x - w
	}
	c.window(side(c.near(50, 30), 110), c.near(45, 20), 110, c.near(105, 20))
	board, top := c.pick(wood, dark, paper), c.near(90, 25)
	c.rect(side(240, 190), top, 190, 8, board)
	c.books(side(246, 180), side(246, 180)+178, top, 56)
	desk, h := c.pick(wood, color.RGBA{196, 160, 112, 255}), c.near(line-20, 12)
	c.rect(40, h, 400, 16, desk)
	c.rect(56, h+16, 14, demoH-h, shade(desk, 70))
	c.rect(410, h+16, 14, demoH-h, shade(desk, 70))
	lamp := side(c.near(380, 20), 0)
	c.rect(lamp-3, h-72, 6, 72, dark)
	c.rect(lamp-24, h-6, 48, 6, dark)
	c.beam(h-104, lamp-16, lamp+16, h-66, lamp-40, lamp+40, c.pick(red, gold, green, blue))
	open := side(c.near(180, 50), 90)
	c.beam(h-14, open+10, open+80, h, open, open+90, paper)
	c.rect(open+44, h-14, 2, 14, dark)
	stool := side(c.near(200, 40), 90)
	c.rect(stool, h+70, 90, 12, c.pick(red, blue, green))
	c.rect(stool+8, h+82, 8, 80, dark)
	c.rect(stool+74, h+82, 8, 80, dark)
}

func (c *canvas) bookshelf() {
	c.room()
	x, w, frame := c.near(60, 30), c.near(350, 30), c.pick(wood, dark, cream)
	c.rect(x, 16, w, 330, frame)
	rows := 3 + c.rng.IntN(2)
	tall := 310 / rows
	for i := range rows {
		y := 26 + i*tall
		c.rect(x+10, y, w-20, tall-10, shade(frame, 55))
		c.books(x+12, x+w-12-c.rng.IntN(120), y+tall-10, tall-18)
	}
}

func (c *canvas) certificate() {
	table := c.pick(wood, dark, mint, sky)
	c.wash(0, demoH, shade(table, 110), shade(table, 78))
	w, h := c.near(320, 40), c.near(235, 30)
	x, y := c.rng.IntN(demoW-w-10), c.near(28, 24)
	// Something else lies on the table: an older certificate, a book, a pen, the corner of a screen.
	for range 1 + c.rng.IntN(3) {
		c.rect(c.rng.IntN(demoW), c.rng.IntN(demoH), c.near(90, 60), c.near(70, 60), c.pick(dark, red, blue, green, cream, gold))
	}
	edge := c.pick(red, gold, green)
	c.rect(x+8, y+8, w, h, shade(table, 50))
	c.rect(x, y, w, h, paper)
	c.rect(x+10, y+10, w-20, h-20, edge)
	c.rect(x+14, y+14, w-28, h-28, c.pick(paper, cream))
	c.disc(x+w/2, y+46, 16, gold)
	c.disc(x+w/2, y+46, 9, red)
	c.rect(x+w/2-90, y+76, 180, 12, red)
	for i := range 4 {
		half := c.near(100, 30)
		c.rect(x+w/2-half, y+108+i*20, 2*half, 5, color.RGBA{110, 110, 110, 255})
	}
	seal := x + w - c.near(84, 12)
	c.disc(seal, y+h-52, 26, shade(red, 115))
	c.disc(seal, y+h-52, 19, cream)
}

// person is a head and shoulders, seen from before or behind.
func (c *canvas) person(x, y, size int) {
	c.disc(x, y+size*2, size+size/3, c.pick(red, green, blue, purple, gold, paper))
	c.rect(x-size-size/3, y+size*2, (size+size/3)*2+1, size*2, c.pick(red, green, blue, purple, dark))
	c.disc(x, y-size/6, size, dark)
	if c.rng.IntN(3) > 0 {
		c.disc(x, y+size/5, size*4/5, skin)
	}
}

func (c *canvas) class() {
	c.room()
	x, w := c.near(90, 40), c.near(290, 20)
	c.rect(x-8, 24, w+16, 116, wood)
	c.rect(x, 32, w, 100, c.pick(color.RGBA{38, 76, 60, 255}, color.RGBA{40, 52, 60, 255}, paper))
	for i := range 4 {
		c.rect(x+20, 46+i*20, c.near(w*2/3, w/4), 4, cream)
	}
	c.person(x+w+c.near(20, 12), 110, 18)
	for row := range 2 {
		for i := range 5 {
			if c.rng.IntN(6) > 0 {
				c.person(c.near(60+i*90+row*25, 12), c.near(210+row*70, 6), 19+row*7)
			}
		}
	}
}

func (c *canvas) meeting() {
	c.room()
	c.rect(c.near(70, 20), 20, 330, 54, red)
	for i := range 2 {
		half := c.near(110, 25)
		c.rect(demoW/2-half, 32+i*18, 2*half, 7, gold)
	}
	c.disc(c.near(400, 20), 110, 16, gold)
	for i := range 6 {
		c.person(c.near(60+i*72, 12), c.near(150, 8), 18)
	}
	cloth := c.pick(green, blue, red, paper)
	c.beam(c.near(220, 8), 60, 420, 300, 20, 460, cloth)
	c.rect(20, 300, 440, 60, shade(cloth, 70))
	for i := range 5 {
		x := c.near(90+i*75, 14)
		c.rect(x, 240, 44, 12, paper)
		c.disc(x+54, 246, 7, c.pick(sky, cream, gold))
	}
}

func (c *canvas) phone() {
	table := c.pick(wood, cream, mint, dark)
	c.wash(0, demoH, shade(table, 112), shade(table, 74))
	x, y := c.near(160, 60), c.near(20, 10)
	c.rect(x, y, 160, 320, color.RGBA{24, 24, 28, 255})
	c.rect(x+8, y+18, 144, 284, paper)
	top := c.pick(red, blue, green, purple)
	c.rect(x+8, y+18, 144, 40, top)
	for i := range 5 {
		row := y + 70 + i*44
		c.rect(x+16, row, 34, 34, c.pick(sky, rose, mint, gold))
		c.rect(x+58, row+6, c.near(60, 24), 6, dark)
		c.rect(x+58, row+20, c.near(56, 24), 5, color.RGBA{150, 150, 150, 255})
	}
	cupX, cupY := c.near(400, 30), c.near(120, 60)
	c.disc(cupX, cupY, 36, c.pick(gold, green, red, paper))
	c.disc(cupX, cupY, 28, dark)
}
