<?xml version="1.0"?>
<CHANNEL HREF="http://push.example/"><TITLE>Channel Definition</TITLE><ITEM HREF="http://push.example/1" LASTMOD="2001-02-03T04:05"><TITLE>Pushed</TITLE><ABSTRACT>In short</ABSTRACT></ITEM></CHANNEL>
